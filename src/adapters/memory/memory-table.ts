/** What may be read of a table. */
export interface ReadonlyMemoryTable<Key, Row> {
  readonly get: (key: Key) => Row | undefined;
  readonly values: () => Iterable<Row>;
  readonly entries: () => Iterable<readonly [Key, Row]>;
}

/** Rows by key. A copy costs nothing until one of the two is written to. Rows are never changed, only replaced. */
export class MemoryTable<Key, Row> implements ReadonlyMemoryTable<Key, Row> {
  #rows: Map<Key, Row>;
  #shared: boolean;

  constructor(rows: Map<Key, Row> = new Map<Key, Row>(), shared = false) {
    this.#rows = rows;
    this.#shared = shared;
  }

  /** The same rows, independent of this table from now on. */
  copy(): MemoryTable<Key, Row> {
    this.#shared = true;
    return new MemoryTable(this.#rows, true);
  }

  /** @returns `undefined` where there is no such row */
  get(key: Key): Row | undefined {
    return this.#rows.get(key);
  }

  /** The rows in the order in which they were added. */
  values(): Iterable<Row> {
    return this.#rows.values();
  }

  /** The rows with their keys, in that order. */
  entries(): Iterable<readonly [Key, Row]> {
    return this.#rows.entries();
  }

  /**
   * Adds a row.
   *
   * @throws {Error} where the key has one already: a fault of the caller, never a refusal
   */
  add(key: Key, row: Row): void {
    if (this.#rows.has(key)) throw new Error('A row with this key exists.');
    this.#own().set(key, row);
  }

  /** Adds a row, or replaces the one that the key has. */
  set(key: Key, row: Row): void {
    this.#own().set(key, row);
  }

  /** Removes the row, where there is one. */
  delete(key: Key): void {
    this.#own().delete(key);
  }

  #own(): Map<Key, Row> {
    if (this.#shared) {
      this.#rows = new Map(this.#rows);
      this.#shared = false;
    }
    return this.#rows;
  }
}
