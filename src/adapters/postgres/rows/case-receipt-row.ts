import type { Selectable } from 'kysely';
import type { CaseReceipt } from '../../../application/ports/stores/case-store.ts';
import type { Case } from '../../../domain/cases/case.ts';
import type { Columns } from '../columns.ts';
import type { Schema } from '../schema.ts';

/** A row of `case_receipts` that has not been spent. */
export type CaseReceiptRow = Omit<Selectable<Schema['case_receipts']>, 'spent_at'>;

/** The columns of {@link CaseReceiptRow}. */
export const CASE_RECEIPT_COLUMNS: Columns<CaseReceiptRow> = {
  receipt_hash: 'bytea',
  tenant_uuid: 'uuid',
  case_uuid: 'uuid',
  expires_at: 'timestamptz',
};

/** The row of a receipt for a case. */
export const rowOfReceipt = ({ id, tenantId }: Case, receipt: CaseReceipt): CaseReceiptRow => ({
  receipt_hash: receipt.hash,
  tenant_uuid: tenantId,
  case_uuid: id,
  expires_at: receipt.expiresAt,
});
