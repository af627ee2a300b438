import { type Actor, auditActorOf } from '../../domain/access/actor.ts';
import type { AuditDetails, AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';

/** The entry that tells of an act of `actor` within his tenant. */
export const auditEntryOf = (
  idGenerator: IdGenerator,
  actor: Actor,
  act: { readonly action: string; readonly subject: AuditEntry['subject']; readonly details?: AuditDetails },
  now: Date,
): AuditEntry => ({
  id: idGenerator.next(),
  tenantId: actor.tenantId,
  actor: auditActorOf(actor),
  action: act.action,
  subject: act.subject,
  at: now,
  details: act.details ?? {},
});
