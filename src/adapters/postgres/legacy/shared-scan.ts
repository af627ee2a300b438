/** Somebody who waits for what a scan finds. */
interface Waiter<Row> {
  readonly isFound: (row: Row) => boolean;
  readonly found: Row[];
  readonly resolve: (found: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A look at many rows, of which there is one at a time, however many ask for one: whoever asks during a scan waits for the next, which is
 * made for all who wait by then. Each sees every row that was there when he asked.
 */
export class SharedScan<Row> {
  readonly #slices: () => AsyncIterable<readonly Row[]>;
  #waiting: Waiter<Row>[] = [];
  #isScanning = false;

  /** @param slices the rows, as many at a time as may be held */
  constructor(slices: () => AsyncIterable<readonly Row[]>) {
    this.#slices = slices;
  }

  /** @throws whatever the scan throws */
  find(isFound: (row: Row) => boolean): Promise<readonly Row[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly Row[]>();
    this.#waiting.push({ isFound, found: [], resolve, reject });
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

  async #scanFor(waiters: readonly Waiter<Row>[]): Promise<void> {
    try {
      for await (const rows of this.#slices()) {
        for (const { found, isFound } of waiters) found.push(...rows.filter(isFound));
      }
      for (const { found, resolve } of waiters) resolve(found);
    } catch (error) {
      for (const { reject } of waiters) reject(error);
    }
  }
}
