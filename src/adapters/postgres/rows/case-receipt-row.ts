import type { CaseReceipt } from '../../../application/ports/stores/case-store.ts';
import type { Case } from '../../../domain/cases/case.ts';
import type { Columns } from '../columns.ts';

/** A row of `case_receipts` that has not been spent. */
export interface CaseReceiptRow {
  readonly receipt_hash: Uint8Array;
  readonly tenant_uuid: string;
  readonly case_uuid: string;
  readonly expires_at: Date;
}

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
