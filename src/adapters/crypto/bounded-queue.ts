import { Unavailable } from '../../domain/access/errors.ts';

/** How much work a {@link BoundedQueue} takes. */
export interface QueueBounds {
  /** Jobs that run at the same time. */
  readonly running: number;
  /** Jobs that may wait besides, first come, first served. */
  readonly waiting: number;
}

/** Runs a few jobs at a time, lets a few wait, and refuses the rest at once: work that piles up would be late for everybody. */
export class BoundedQueue {
  readonly #bounds: QueueBounds;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  /** @throws {Unavailable} when as many wait already as may, without running the job; otherwise whatever the job throws */
  async run<T>(job: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await job();
    } finally {
      this.#pass();
    }
  }

  #turn(): Promise<void> | undefined {
    if (this.#running < this.#bounds.running) {
      this.#running += 1;
      return undefined;
    }
    if (this.#waiting.length >= this.#bounds.waiting) throw new Unavailable(1);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** The place goes to the next in line; it is never free in between, or somebody who came later could take it. */
  #pass(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}
