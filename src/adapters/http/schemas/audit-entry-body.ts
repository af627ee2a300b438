import { z } from 'zod';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import { Timestamp } from './timestamp.ts';

/** One line of the audit trail. */
export const AuditEntryBody = z
  .object({
    id: z.uuid(),
    at: Timestamp,
    actor: z.object({
      kind: z.enum(['user', 'anonymous', 'system']),
      id: z.uuid().nullable().meta({ description: 'Of the user; `null` for anybody else' }),
    }),
    action: z.string().meta({ examples: ['cases.submitted'] }),
    subject: z
      .object({ type: z.string(), id: z.string() })
      .nullable()
      .meta({ description: 'The record that it was done to; `null` where there is none' }),
    details: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .meta({ description: 'Ids, codes, counts and flags; never text that a person wrote' }),
  })
  .meta({ id: 'AuditEntry' });

/** How an entry of the audit trail is sent. */
export const auditEntryBody = (entry: AuditEntry): z.input<typeof AuditEntryBody> => ({
  id: entry.id,
  at: entry.at.toISOString(),
  actor: { kind: entry.actor.kind, id: entry.actor.kind === 'user' ? entry.actor.id : null },
  action: entry.action,
  subject: entry.subject,
  details: entry.details,
});
