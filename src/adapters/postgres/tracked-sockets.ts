import { Socket } from 'node:net';

/** The sockets of a pool's connections, so that those to a server which no longer answers can be closed all the same. */
export class TrackedSockets {
  readonly #open = new Set<Socket>();

  /** Makes the socket of one connection. */
  readonly create = (): Socket => {
    const socket = new Socket();
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  };

  /** Resolves when none is open. */
  async allClosed(): Promise<void> {
    for (const socket of this.#open) {
      await new Promise((resolve) => {
        socket.once('close', resolve);
      });
    }
  }

  /** Closes at once whatever is still open. */
  destroyAll(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
