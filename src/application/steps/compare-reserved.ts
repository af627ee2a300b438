import { Unavailable } from '../../domain/access/errors.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';

/**
 * Compares something for which an attempt was reserved. What could not be compared was no attempt: it is given back.
 *
 * @throws whatever `compare` throws
 */
export async function compareReserved<T>(
  failureCounters: FailureCounterStore,
  counterKey: Uint8Array,
  compare: () => Promise<T>,
): Promise<T> {
  try {
    return await compare();
  } catch (error) {
    if (error instanceof Unavailable) await failureCounters.giveBack(counterKey);
    throw error;
  }
}
