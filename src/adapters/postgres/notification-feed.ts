import { setTimeout } from 'node:timers/promises';
import { FeedConnection, type FeedHandlers } from './feed-connection.ts';
import { errorCodeOf } from './pg-errors.ts';

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2_000;

/** How to listen. */
export interface NotificationFeedOptions extends FeedHandlers {
  /** The server itself, not a transaction pooler. */
  readonly url: string;
  /** Told when the feed is lost, in words without anything personal. */
  readonly onError?: ((event: string) => void) | undefined;
}

/** Listens for notifications (PostgreSQL LISTEN) on a connection of its own, and connects again whenever that is lost. */
export class NotificationFeed {
  readonly #options: NotificationFeedOptions;
  readonly #stopping = new AbortController();
  #connection: FeedConnection | null = null;
  #running: Promise<void> | null = null;

  constructor(options: NotificationFeedOptions) {
    this.#options = options;
  }

  /** Begins; resolves when it is up, or when the first attempt failed and further ones follow. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#running ??= this.#run(resolve);
    });
  }

  /** Ends the connection at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Whether whatever was committed up to less than a second ago has been heard. */
  isUp(): boolean {
    return this.#connection?.isUp() ?? false;
  }

  async #run(onFirst: () => void): Promise<void> {
    const { signal } = this.#stopping;
    const isStopping = () => signal.aborted;
    let backoff = FIRST_BACKOFF_MS;
    while (!isStopping()) {
      this.#connection = new FeedConnection(this.#options.url, this.#options);
      try {
        await this.#connection.serve(signal, () => {
          backoff = FIRST_BACKOFF_MS;
          onFirst();
        });
      } catch (error) {
        if (!isStopping()) this.#options.onError?.(`feed lost (${errorCodeOf(error) ?? 'closed'})`);
      }
      onFirst();
      await setTimeout(backoff, undefined, { signal }).catch(() => undefined);
      backoff = Math.min(MAX_BACKOFF_MS, backoff * 2);
    }
    this.#connection = null;
  }
}
