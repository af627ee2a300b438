import type { Case } from '../../../domain/cases/case.ts';
import type { CaseId, TenantId } from '../../../domain/shared/ids.ts';
import { columnList } from '../columns.ts';
import { CASE_COLUMNS, type CaseRow, caseOfRow } from '../rows/case-row.ts';
import type { Statement, Statements } from '../statements.ts';

/** Receipts of the tenant `$1` that count at `$2`, of cases that whoever holds one may see. */
const COUNTS = `case_receipts.tenant_uuid = $1::uuid AND spent_at IS NULL AND expires_at > $2::timestamptz AND cases.state <> 'void'`;

const JOINED =
  'JOIN cases ON cases.tenant_uuid = case_receipts.tenant_uuid AND cases.uuid = case_receipts.case_uuid';

const FIND: Statement<CaseRow> = {
  text: `SELECT ${columnList(CASE_COLUMNS, 'cases')} FROM case_receipts ${JOINED}
    WHERE receipt_hash = $3::bytea AND ${COUNTS}`,
};

// Held first, in the order in which a physician's cases are: of two who want the same receipts or cases at once, one waits.
const SPEND: Statement<{ readonly case_uuid: string }> = {
  text: `WITH held AS (
      SELECT receipt_hash FROM case_receipts ${JOINED} WHERE receipt_hash = ANY ($3::bytea[]) AND ${COUNTS}
      ORDER BY cases.created_at, cases.uuid, receipt_hash FOR NO KEY UPDATE OF case_receipts, cases
    ), spent AS (
      UPDATE case_receipts SET spent_at = $2::timestamptz FROM held
      WHERE case_receipts.receipt_hash = held.receipt_hash RETURNING case_uuid
    )
    SELECT DISTINCT case_uuid FROM spent ORDER BY case_uuid`,
};

/** @returns `null` where there is no such receipt of the tenant that counts */
export async function findByReceipt(
  statements: Statements,
  tenantId: TenantId,
  hash: Uint8Array,
  now: Date,
): Promise<Case | null> {
  const [row] = await statements.run(FIND, [tenantId, now, hash]);
  return row ? caseOfRow(row) : null;
}

/** Spends those receipts of the tenant that count, by one statement; @returns their cases, each once, held until the transaction ends */
export async function spendReceipts(
  statements: Statements,
  tenantId: TenantId,
  hashes: readonly Uint8Array[],
  now: Date,
): Promise<readonly CaseId[]> {
  const spent = await statements.run(SPEND, [tenantId, now, hashes]);
  return spent.map((row) => row.case_uuid);
}
