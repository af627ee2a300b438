import { setImmediate } from 'node:timers/promises';

/** Rows that are looked at before others have their turn: some milliseconds' work. */
const ROWS_AT_ONCE = 500;

/** Somebody who waits for what a scan finds. */
interface Waiter<Row, Sought> {
  readonly sought: Sought;
  readonly resolve: (found: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Made for all that is sought in a scan: tells which of it a row answers. */
export type Answering<Row, Sought> = (sought: readonly Sought[]) => (row: Row) => readonly Sought[];

/**
 * A look at many rows, of which there is one at a time, however many ask for one: whoever asks during a scan waits for the next, which is
 * made for all who wait by then. Each sees every row that was there when he asked. Each row is looked at once for all of them.
 */
export class SharedScan<Row, Sought extends object> {
  readonly #slices: () => AsyncIterable<readonly Row[]>;
  readonly #answering: Answering<Row, Sought>;
  #waiting: Waiter<Row, Sought>[] = [];
  #isScanning = false;

  /** @param slices the rows, as many at a time as may be held */
  constructor(slices: () => AsyncIterable<readonly Row[]>, answering: Answering<Row, Sought>) {
    this.#slices = slices;
    this.#answering = answering;
  }

  /**
   * The rows that answer what is sought.
   *
   * @param sought an object of its own for each who asks
   * @throws whatever the scan throws
   */
  find(sought: Sought): Promise<readonly Row[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly Row[]>();
    this.#waiting.push({ sought, resolve, reject });
    if (!this.#isScanning) void this.#scanAll();
    return promise;
  }

  async #scanAll(): Promise<void> {
    this.#isScanning = true;
    while (this.#waiting.length > 0) {
      const waiters = this.#waiting;
      this.#waiting = [];
      await this.#scanFor(waiters);
    }
    this.#isScanning = false;
  }

  async #scanFor(waiters: readonly Waiter<Row, Sought>[]): Promise<void> {
    try {
      const found = await this.#foundFor(waiters.map(({ sought }) => sought));
      for (const { resolve, sought } of waiters) resolve(found.get(sought) ?? []);
    } catch (error) {
      for (const { reject } of waiters) reject(error);
    }
  }

  async #foundFor(sought: readonly Sought[]): Promise<ReadonlyMap<Sought, readonly Row[]>> {
    const answersOf = this.#answering(sought);
    const found = new Map(sought.map((one) => [one, [] as Row[]]));
    for await (const rows of this.#slices()) {
      for (const [index, row] of rows.entries()) {
        for (const one of answersOf(row)) found.get(one)?.push(row);
        if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await setImmediate();
      }
    }
    return found;
  }
}
