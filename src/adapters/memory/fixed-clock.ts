import type { Clock } from '../../application/ports/system/clock.ts';
import { addSeconds } from '../../domain/shared/time.ts';

/** A clock that stands still until it is moved. */
export class FixedClock implements Clock {
  #now: Date;

  constructor(now: Date) {
    this.#now = now;
  }

  now(): Date {
    return this.#now;
  }

  /** Moves the clock by `seconds`, which may be fractional. */
  advance(seconds: number): void {
    this.#now = addSeconds(this.#now, seconds);
  }
}
