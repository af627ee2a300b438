import type { Actor } from '../../domain/access/actor.ts';
import { FREE_FAILURES } from '../../domain/access/failure-counter.ts';
import type { EmailAddress } from '../../domain/shared/email-address.ts';
import type { User } from '../../domain/identity/user.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import { mailOnRequest, type MailOnRequest } from './mail-on-request.ts';

/** Whose attempt has failed, as far as anybody knows. */
export interface FailedAttempt {
  /** In a row, this one among them. */
  readonly failures: number;
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
