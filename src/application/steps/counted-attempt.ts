import { RateLimited } from '../../domain/access/errors.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';
import type { Clock } from '../ports/system/clock.ts';

/** What counting attempts needs. */
export interface AttemptCounting {
  readonly clock: Clock;
  readonly failureCounters: FailureCounterStore;
}

/**
 * Compares something under several counters at once, such as that of whoever tries and that of what he tries. The attempt is counted as
 * failed by each before anything is compared, so that parallel guesses take turns; what could not be compared is given back everywhere,
 * and a success clears all.
 *
 * @param keys keyed hashes of 32 octets
 * @param compare gives `null` where it is wrong
 * @throws {RateLimited} while one of them is locked; then none has counted it
 * @throws whatever `compare` throws
 */
export async function countedAttempt<T>(
  counting: AttemptCounting,
  keys: readonly Uint8Array[],
  compare: () => Promise<T | null>,
): Promise<T | null> {
  const { failureCounters } = counting;
  await reserveAll(counting, keys);
  const proven = await compare().catch(async (error: unknown) => {
    for (const key of keys) await failureCounters.giveBack(key);
    throw error;
  });
  if (proven !== null) for (const key of keys) await failureCounters.clear(key);
  return proven;
}

async function reserveAll(
  { clock, failureCounters }: AttemptCounting,
  keys: readonly Uint8Array[],
): Promise<void> {
  const reserved: Uint8Array[] = [];
  for (const key of keys) {
    const reservation = await failureCounters.reserve(key, clock.now());
    if (reservation.kind === 'locked') {
      for (const earlier of reserved) await failureCounters.giveBack(earlier);
      throw new RateLimited(reservation.retryAfterSeconds);
    }
    reserved.push(key);
  }
}
