import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';

/** Narrows a list of entries; what is `null` does not. */
export interface AuditFilter {
  /** The user who acted. */
  readonly actorId: string | null;
  readonly action: string | null;
  readonly subject: {
    /** `null` for records of every type. */
    readonly type: string | null;
    readonly id: string;
  } | null;
  /** Not before. */
  readonly from: Date | null;
  /** Before. */
  readonly to: Date | null;
}

/** The audit trail of one tenant; append-only. */
export interface AuditTrail {
  readonly add: (entry: AuditEntry) => Promise<void>;
  /** The entries that the filter lets pass, newest first; positions are by the time of the act. */
  readonly list: (filter: AuditFilter, request: PageRequest) => Promise<Page<AuditEntry>>;
}
