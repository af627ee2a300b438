import type { FailureCounterStore } from '../../../application/ports/stores/failure-counter-store.ts';
import {
  giveBackAttempt,
  liftLock,
  type Reservation,
  reserveAttempt,
} from '../../../domain/access/failure-counter.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { octetKey } from '../memory-tables.ts';

/** Failures in a row, in memory. */
export class MemoryFailureCounterStore implements FailureCounterStore {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async reserve(key: Uint8Array, now: Date): Promise<Reservation> {
    return this.#access.write((tables) => {
      const current = tables.failureCounters.get(octetKey(key)) ?? null;
      const { counter, reservation } = reserveAttempt(current, now);
      const isCounted = counter !== null && reservation.kind === 'reserved';
      if (isCounted) tables.failureCounters.set(octetKey(key), { ...counter, lastFailedAt: now });
      return reservation;
    });
  }

  async giveBack(key: Uint8Array): Promise<void> {
    await this.#access.write((tables) => {
      const counter = tables.failureCounters.get(octetKey(key));
      if (counter) tables.failureCounters.set(octetKey(key), { ...counter, ...giveBackAttempt(counter) });
    });
  }

  async lift(key: Uint8Array): Promise<void> {
    await this.#access.write((tables) => {
      const counter = tables.failureCounters.get(octetKey(key));
      if (counter) tables.failureCounters.set(octetKey(key), { ...counter, ...liftLock(counter) });
    });
  }

  async clear(key: Uint8Array): Promise<void> {
    await this.#access.write((tables) => {
      tables.failureCounters.delete(octetKey(key));
    });
  }
}
