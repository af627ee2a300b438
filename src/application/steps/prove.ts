import type { Actor } from '../../domain/access/actor.ts';
import { RateLimited } from '../../domain/access/errors.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';
import { compareReserved } from './compare-reserved.ts';
import { accountCounterKey } from './failure-counter-key.ts';
import type { Account } from './load-account.ts';
import type { MailOnRequest } from './mail-on-request.ts';
import { recordFailure } from './record-failure.ts';

/** What holding a proof against an account needs. */
export interface Proving extends MailOnRequest {
  readonly failureCounters: FailureCounterStore;
}

/** A proof that somebody gives for an account. */
export interface ClaimedProof<T> {
  /** Anonymous at the door. */
  readonly actor: Actor;
  readonly account: Account;
  /** Of the audit entry, where the proof is wrong. */
  readonly action: string;
  /** What follows from the proof; `null` where it is wrong. */
  readonly compare: () => Promise<T | null>;
}

/** A proof that was right; its attempt is still counted. */
export interface Proof<T> {
  readonly value: T;
  /** Forgets all failures in a row: for proofs that are enough by themselves. */
  readonly clear: () => Promise<void>;
  /** Takes back this attempt only: for proofs that something else has to follow. */
  readonly giveBack: () => Promise<void>;
}

/**
 * Holds a proof against an account. The attempt is counted as failed in the account's counter before anything is compared, so that
 * parallel guesses take turns; what could not be compared is given back, and what was wrong leaves a trace.
 *
 * @returns `null` where the proof is wrong
 * @throws {RateLimited} while the account is locked
 */
export async function prove<T>(deps: Proving, claimed: ClaimedProof<T>): Promise<Proof<T> | null> {
  const { clock, failureCounters, keyedHash } = deps;
  const { actor, action, compare } = claimed;
  const { user } = claimed.account;
  const counterKey = accountCounterKey(keyedHash, claimed.account);
  const reservation = await failureCounters.reserve(counterKey, clock.now());
  if (reservation.kind === 'locked') throw new RateLimited(reservation.retryAfterSeconds);
  const value = await compareReserved(failureCounters, counterKey, compare);
  if (value === null) {
    const { failures } = reservation;
    const { tenantId, email: address } = user;
    await recordFailure(deps, { actor, tenantId, address, user, action, failures });
    return null;
  }
  return {
    value,
    clear: () => failureCounters.clear(counterKey),
    giveBack: () => failureCounters.giveBack(counterKey),
  };
}
