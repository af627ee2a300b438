import type { Actor } from '../../domain/access/actor.ts';
import { RateLimited } from '../../domain/access/errors.ts';
import { FREE_FAILURES } from '../../domain/access/failure-counter.ts';
import type { EmailAddress } from '../../domain/identity/email-address.ts';
import type { User } from '../../domain/identity/user.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import { mailOnRequest, type MailOnRequest } from './mail-on-request.ts';

/** An attempt at proving something, counted as failed before it is compared. */
export interface ReservedAttempt {
  readonly counterKey: Uint8Array;
  /** In a row, this one among them. */
  readonly failures: number;
}

/**
 * Reserves an attempt in the counter that all ways of proving oneself share.
 *
 * @throws {RateLimited} while the counter is locked
 */
export async function reserveProof(
  { clock, failureCounters }: { readonly clock: Clock; readonly failureCounters: FailureCounterStore },
  counterKey: Uint8Array,
): Promise<ReservedAttempt> {
  const reservation = await failureCounters.reserve(counterKey, clock.now());
  if (reservation.kind === 'locked') throw new RateLimited(reservation.retryAfterSeconds);
  return { counterKey, failures: reservation.failures };
}

/** Whose attempt has failed, as far as anybody knows. */
export interface FailedAttempt extends Pick<ReservedAttempt, 'failures'> {
  /** Anonymous for attempts at the door. */
  readonly actor: Actor;
  /** In its normal form. */
  readonly address: EmailAddress;
  readonly user: User | null;
  readonly tenantId: TenantId;
  /** Of the audit entry. */
  readonly action: string;
}

/**
 * Keeps a trace of a failed attempt. With the one that begins a lock, the owner of the account gets a mail that can end it; where there
 * is no account, nobody gets one, which takes as long.
 */
export async function recordFailure(deps: MailOnRequest, failed: FailedAttempt): Promise<void> {
  const { clock, idGenerator, unitOfWork } = deps;
  const { actor, address, user, tenantId, action, failures } = failed;
  const subject = user ? { type: 'user', id: user.id } : null;
  const entry = auditEntryOf(idGenerator, { ...actor, tenantId }, { action, subject }, clock.now());
  await unitOfWork.stores(tenantId).audit.add(entry);
  if (failures !== FREE_FAILURES) return;
  await mailOnRequest(deps, {
    tenantId,
    address,
    user: user?.isActive ? user : null,
    purpose: 'unlock',
    content: (token) => ({ kind: 'account-locked', token }),
    action: 'access.locked',
  });
}
