import type { Case } from '../../../domain/cases/case.ts';
import type { PhysicianId, TenantId } from '../../../domain/shared/ids.ts';
import { columnList } from '../columns.ts';
import { CASE_COLUMNS, type CaseRow, caseOfRow } from '../rows/case-row.ts';
import type { Statement, Statements } from '../statements.ts';

/** Of the states that count towards a physician's limit; as a list, so that an index of physicians and states answers. */
export const IS_OPEN = `state IN ('assigned', 'in_review', 'info_requested')`;

// As strong as the change of a case that follows, and no stronger.
const LOCK_OPEN: Statement<CaseRow> = {
  text: `SELECT ${columnList(CASE_COLUMNS)} FROM cases
    WHERE physician_uuid = (SELECT uuid FROM physicians WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid) AND ${IS_OPEN}
    ORDER BY created_at, uuid FOR NO KEY UPDATE`,
};

/** The cases that a physician of the tenant has and that are not answered, oldest first, held until the transaction ends. */
export async function lockOpenCases(
  statements: Statements,
  tenantId: TenantId,
  physicianId: PhysicianId,
): Promise<readonly Case[]> {
  return (await statements.run(LOCK_OPEN, [tenantId, physicianId])).map(caseOfRow);
}
