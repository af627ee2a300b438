import { type FactorSummary, hasSecondFactor } from '../../domain/access/second-factor.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';
import { accountCounterKey } from './failure-counter-key.ts';
import type { Account } from './load-account.ts';

/** What ending a lock needs. */
export interface LockEnding {
  readonly failureCounters: FailureCounterStore;
  readonly keyedHash: KeyedHash;
}

/**
 * Ends the lock of an account for whoever reads its mail. Where there is a second factor the failures stay counted: the mailbox says
 * nothing about that factor, and each link would bring ten more free guesses at it.
 */
export async function endLock(
  { failureCounters, keyedHash }: LockEnding,
  account: Account,
  factors: FactorSummary,
): Promise<void> {
  const key = accountCounterKey(keyedHash, account);
  await (hasSecondFactor(factors) ? failureCounters.lift(key) : failureCounters.clear(key));
}
