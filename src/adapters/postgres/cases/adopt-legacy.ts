import type { AdoptedLegacyCase } from '../../../application/ports/stores/case-store.ts';
import { CaseNotAllowedInState } from '../../../domain/cases/errors.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { insertAll, parametersOf } from '../columns.ts';
import { AUDIT_COLUMNS, rowOfAudit } from '../rows/audit-row.ts';
import { CASE_EVENT_COLUMNS, rowOfEvent } from '../rows/case-event-row.ts';
import { CASE_MESSAGE_COLUMNS, rowOfMessage } from '../rows/case-message-row.ts';
import { CASE_COLUMNS, rowOfCase } from '../rows/case-row.ts';
import type { Statement, Statements } from '../statements.ts';

/** Held, so that nobody links the row to somebody meanwhile; it stays as it is. */
const condition = (first: number): string => `SELECT request.uuid FROM rn_requests AS request
    WHERE request.uuid = $${String(first)}::uuid AND request.user_uuid IS NOT DISTINCT FROM $${String(first + 1)}::uuid
    FOR NO KEY UPDATE`;

/** Whoever was faster has queued it. */
const refuse = (): CaseNotAllowedInState => new CaseNotAllowedInState('queued');

const adoption = (withQuestion: boolean): Statement<object> => ({
  text: insertAll(
    [
      ['cases', CASE_COLUMNS],
      ['case_events', CASE_EVENT_COLUMNS],
      ['audit_entries', AUDIT_COLUMNS],
      ...(withQuestion ? ([['case_messages', CASE_MESSAGE_COLUMNS]] as const) : []),
    ],
    condition,
  ),
  refusals: { cases_pkey: refuse, cases_tenant_uuid_key: refuse, case_events_case_version_key: refuse },
});

const WITH_QUESTION = adoption(true);
const WITHOUT_QUESTION = adoption(false);

/**
 * Keeps the workflow of a legacy case of the tenant, whole, by one statement.
 *
 * @returns `false` where its row is gone, or of another owner: nothing is kept
 * @throws {CaseNotAllowedInState} where it has a workflow already
 */
export async function adoptLegacyCase(
  statements: Statements,
  tenantId: TenantId,
  { after, audit, event, question }: AdoptedLegacyCase,
): Promise<boolean> {
  const kept = await statements.run(question ? WITH_QUESTION : WITHOUT_QUESTION, [
    ...parametersOf(CASE_COLUMNS, rowOfCase(after)),
    ...parametersOf(CASE_EVENT_COLUMNS, rowOfEvent(tenantId, event)),
    ...parametersOf(AUDIT_COLUMNS, rowOfAudit(audit)),
    ...(question ? parametersOf(CASE_MESSAGE_COLUMNS, rowOfMessage(tenantId, question)) : []),
    ...[after.id, after.patientId],
  ]);
  return kept.length > 0;
}
