import type { IdGenerator } from '../../application/ports/system/id-generator.ts';

/** Makes the same ids in each run: well-formed UUIDv7 values that count up from 1. */
export class SequentialIdGenerator implements IdGenerator {
  #last = 0;

  next(): string {
    this.#last += 1;
    return `01900000-0000-7000-8000-${this.#last.toString(16).padStart(12, '0')}`;
  }
}
