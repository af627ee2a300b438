import type { StoredGrant } from '../../../application/ports/stores/break-glass-store.ts';
import type { SealedText } from '../../../application/ports/security/text-cipher.ts';
import type { BreakGlassGrant, GrantReview } from '../../../domain/cases/break-glass.ts';
import type { Columns } from '../columns.ts';

/** A row of `break_glass_grants`. */
export interface BreakGlassGrantRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly case_uuid: string;
  readonly admin_uuid: string;
  readonly reason: Uint8Array;
  readonly key_uuid: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly reviewed_at: Date | null;
  readonly reviewer_uuid: string | null;
  readonly outcome: string | null;
  readonly note: Uint8Array | null;
  readonly note_key_uuid: string | null;
}

/** The columns of {@link BreakGlassGrantRow}. */
export const BREAK_GLASS_GRANT_COLUMNS: Columns<BreakGlassGrantRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  case_uuid: 'uuid',
  admin_uuid: 'uuid',
  reason: 'bytea',
  key_uuid: 'uuid',
  created_at: 'timestamptz',
  expires_at: 'timestamptz',
  reviewed_at: 'timestamptz',
  reviewer_uuid: 'uuid',
  outcome: 'text',
  note: 'bytea',
  note_key_uuid: 'uuid',
};

/** The row of a grant that waits for its review. */
export const rowOfGrant = (grant: BreakGlassGrant, reason: SealedText): BreakGlassGrantRow => ({
  uuid: grant.id,
  tenant_uuid: grant.tenantId,
  case_uuid: grant.caseId,
  admin_uuid: grant.adminId,
  reason: reason.bytes,
  key_uuid: reason.keyId,
  created_at: grant.createdAt,
  expires_at: grant.expiresAt,
  reviewed_at: null,
  reviewer_uuid: null,
  outcome: null,
  note: null,
  note_key_uuid: null,
});

function reviewOf({ outcome, reviewed_at, reviewer_uuid }: BreakGlassGrantRow): GrantReview | null {
  return outcome === null || reviewed_at === null || reviewer_uuid === null
    ? null
    : { reviewerId: reviewer_uuid, outcome, at: reviewed_at };
}

/** The grant of a row. */
export const grantOfRow = (row: BreakGlassGrantRow): BreakGlassGrant => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  caseId: row.case_uuid,
  adminId: row.admin_uuid,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  review: reviewOf(row),
});

/** The grant of a row with its texts. */
export const storedGrantOfRow = (row: BreakGlassGrantRow): StoredGrant => ({
  ...grantOfRow(row),
  reason: { keyId: row.key_uuid, bytes: row.reason },
  note: row.note && row.note_key_uuid !== null ? { keyId: row.note_key_uuid, bytes: row.note } : null,
});
