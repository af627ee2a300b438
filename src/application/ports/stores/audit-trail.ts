import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';

/** The audit trail of one tenant; append-only. */
export interface AuditTrail {
  readonly add: (entry: AuditEntry) => Promise<void>;
}
