/** Runs jobs of the same key one after the other, and all others at the same time. */
export class TakeTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @throws whatever the job throws */
  async run<T>(key: string, job: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(job, job);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
