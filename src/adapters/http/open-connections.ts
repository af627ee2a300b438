import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What happens on one connection. */
interface Conversation {
  /** In the order of their requests, which is the order in which they go out (RFC 9112, section 9.3.2). */
  readonly due: Set<ServerResponse>;
  /** To the request that came last; `null` before the first one. */
  latest: ServerResponse | null;
}

/** The open connections of a server, and the answers that are due on each of them. */
export class OpenConnections {
  readonly #conversations = new Map<Duplex, Conversation>();
  #ending = false;

  /** @param server before anything listens for its requests */
  constructor(server: Server) {
    server.on('connection', (socket) => this.#begin(socket));
    server.on('request', this.#expect);
    server.on('checkExpectation', this.#expect);
  }

  /** The answers that were not sent to their end, in the order in which they go out. */
  dueOn(socket: Duplex): readonly ServerResponse[] {
    return [...(this.#conversations.get(socket)?.due ?? [])];
  }

  /** The answer to the request that came last; `null` where none came. */
  latestOn(socket: Duplex): ServerResponse | null {
    return this.#conversations.get(socket)?.latest ?? null;
  }

  /** Lets the last answer that is due on each connection say that it is the last one, where its head is not out yet. */
  announceEnd(): void {
    for (const { due } of this.#conversations.values()) {
      const last = [...due].at(-1);
      if (last?.headersSent === false) last.setHeader('Connection', 'close');
    }
  }

  /** Ends every connection: at once those on which no answer is due, the others when their last one is out. */
  end(): void {
    this.#ending = true;
    this.announceEnd();
    for (const [socket, { due }] of this.#conversations) {
      if (due.size === 0) socket.destroy();
    }
  }

  /** Ends every connection at once, whatever is due. */
  cut(): void {
    for (const socket of this.#conversations.keys()) socket.destroy();
  }

  #begin(socket: Socket): void {
    this.#conversations.set(socket, { due: new Set(), latest: null });
    socket.on('close', () => this.#conversations.delete(socket));
  }

  readonly #expect: RequestListener = ({ socket }, res) => {
    const conversation = this.#conversations.get(socket);
    if (!conversation) return;
    const { due } = conversation;
    conversation.latest = res;
    due.add(res);
    res.on('close', () => {
      due.delete(res);
      if (this.#ending && due.size === 0) socket.destroySoon();
    });
  };
}
