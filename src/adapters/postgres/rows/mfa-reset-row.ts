import type { MfaReset } from '../../../domain/access/mfa-reset.ts';
import type { Columns } from '../columns.ts';

/** A row of `mfa_resets`, without its reason and its end. */
export interface MfaResetRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly user_uuid: string;
  readonly requested_by: string | null;
  readonly requested_at: Date;
  readonly due_at: Date;
}

/** The columns of {@link MfaResetRow}. */
export const MFA_RESET_COLUMNS: Columns<MfaResetRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  user_uuid: 'uuid',
  requested_by: 'uuid',
  requested_at: 'timestamptz',
  due_at: 'timestamptz',
};

/** The row of a reset. */
export const rowOfMfaReset = (reset: MfaReset): MfaResetRow => ({
  uuid: reset.id,
  tenant_uuid: reset.tenantId,
  user_uuid: reset.userId,
  requested_by: reset.requestedBy,
  requested_at: reset.requestedAt,
  due_at: reset.dueAt,
});

/** The reset of a row. */
export const mfaResetOfRow = (row: MfaResetRow): MfaReset => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  userId: row.user_uuid,
  requestedBy: row.requested_by,
  requestedAt: row.requested_at,
  dueAt: row.due_at,
});
