import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Client, type QueryResultRow } from 'pg';
import { connectionOptions } from './connection-options.ts';

/** Milliseconds between heartbeats. */
const BEAT_MS = 150;
/** The feed counts as up for so many milliseconds after a heartbeat came back. */
const RETURNED_MS = 500;
/** And after that heartbeat was sent: one that was long under way proves nothing of the last second. */
const SENT_MS = 900;
/** Milliseconds without a heartbeat after which the connection is given up. */
const LOST_MS = 3_000;

/** Runs one statement on the feed's own connection; an answer that takes more than 3 s is given up. */
export type FeedQuery = <Row extends QueryResultRow>(
  text: string,
  values?: unknown[],
) => Promise<readonly Row[]>;

/** What a connection of the feed is for. */
export interface FeedHandlers {
  readonly channels: readonly string[];
  readonly onNotification: (channel: string, payload: string) => void;
  /** Called when it listens; what was missed before is loaded here. Only then does the feed count as up. */
  readonly onListening: (query: FeedQuery) => Promise<void>;
}

/**
 * One connection that listens. It sends heartbeats to itself on a channel of its own, so that nobody else wakes; a heartbeat that
 * came back proves that every notification committed before it was sent has been heard.
 */
export class FeedConnection {
  readonly #handlers: FeedHandlers;
  readonly #socket = new Socket();
  readonly #client: Client;
  readonly #channel: string;
  readonly #lost = new AbortController();
  #pending: { readonly payload: string; readonly sentAt: number } | null = null;
  #beat: { readonly sentAt: number; readonly returnedAt: number } | null = null;

  constructor(url: string, handlers: FeedHandlers) {
    this.#handlers = handlers;
    this.#channel = `casegate_heartbeat_${randomUUID().replaceAll('-', '')}`;
    this.#client = new Client({
      ...connectionOptions(url),
      application_name: 'casegate-feed',
      connectionTimeoutMillis: 2_000,
      query_timeout: LOST_MS,
      stream: () => this.#socket,
    });
    this.#client.on('error', (error) => {
      this.#lost.abort(error);
    });
    this.#client.on('end', () => {
      this.#lost.abort(new Error('The connection ended.'));
    });
    this.#client.on('notification', ({ channel, payload = '' }) => {
      if (channel === this.#channel) this.#heard(payload);
      else this.#handlers.onNotification(channel, payload);
    });
  }

  /** Whether all that was committed up to less than a second ago has been heard. */
  isUp(): boolean {
    if (!this.#beat) return false;
    const now = performance.now();
    return now - this.#beat.returnedAt <= RETURNED_MS && now - this.#beat.sentAt <= SENT_MS;
  }

  /**
   * Listens until the connection is lost or `signal` aborts it.
   *
   * @param onUp called at each heartbeat that came back
   * @throws always, with the reason
   */
  async serve(signal: AbortSignal, onUp: () => void): Promise<never> {
    const over = AbortSignal.any([signal, this.#lost.signal]);
    over.addEventListener('abort', () => this.#socket.destroy(), { once: true });
    try {
      over.throwIfAborted();
      await this.#client.connect();
      await this.#query(
        [...this.#handlers.channels, this.#channel].map((name) => `LISTEN ${name}`).join('; '),
      );
      await this.#handlers.onListening(this.#query);
      let returnedAt = performance.now();
      for (;;) {
        await this.#sendBeat();
        if (this.#beat && returnedAt !== this.#beat.returnedAt) onUp();
        returnedAt = this.#beat?.returnedAt ?? returnedAt;
        if (performance.now() - returnedAt > LOST_MS) throw new Error('Notifications do not come back.');
        await setTimeout(BEAT_MS, undefined, { signal: over });
      }
    } catch (error) {
      throw over.aborted ? over.reason : error;
    } finally {
      this.#beat = null;
      this.#socket.destroy();
    }
  }

  async #sendBeat(): Promise<void> {
    this.#pending = { payload: randomUUID(), sentAt: performance.now() };
    await this.#query('SELECT pg_notify($1, $2)', [this.#channel, this.#pending.payload]);
  }

  #heard(payload: string): void {
    if (payload !== this.#pending?.payload) return;
    this.#beat = { sentAt: this.#pending.sentAt, returnedAt: performance.now() };
  }

  readonly #query: FeedQuery = async <Row extends QueryResultRow>(text: string, values?: unknown[]) => {
    const { rows } = await this.#client.query<Row>(text, values);
    return rows;
  };
}
