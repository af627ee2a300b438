import { Unavailable } from '../../domain/access/errors.ts';
import type { PasswordHasher, PasswordVerdict } from '../ports/security/password-hasher.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';

/** A password that is held against a hash, after an attempt was reserved for it. */
export interface PasswordProof {
  /** In its normal form. */
  readonly password: string;
  /** `null` where there is no account or no password. */
  readonly hash: string | null;
  readonly counterKey: Uint8Array;
}

/** What comparing needs. */
export interface Comparing {
  readonly failureCounters: FailureCounterStore;
  readonly passwordHasher: PasswordHasher;
}

/**
 * Compares a password for which an attempt was reserved. What could not be compared was no attempt: it is given back.
 *
 * @throws {Unavailable} when too many passwords wait to be hashed
 */
export async function compareReserved(
  { failureCounters, passwordHasher }: Comparing,
  { password, hash, counterKey }: PasswordProof,
): Promise<PasswordVerdict> {
  try {
    return await passwordHasher.verify(password, hash);
  } catch (error) {
    if (error instanceof Unavailable) await failureCounters.giveBack(counterKey);
    throw error;
  }
}
