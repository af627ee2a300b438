import type { SubmittedCase } from '../../../application/ports/stores/case-store.ts';
import { Unauthenticated } from '../../../domain/access/errors.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { insertAll, parametersOf } from '../columns.ts';
import {
  type LegacyColumns,
  type LegacyRowColumns,
  rowOfLegacyRequest,
} from '../legacy/legacy-row-columns.ts';
import { AUDIT_COLUMNS, rowOfAudit } from '../rows/audit-row.ts';
import { CASE_EVENT_COLUMNS, rowOfEvent } from '../rows/case-event-row.ts';
import { CASE_MESSAGE_COLUMNS, rowOfMessage } from '../rows/case-message-row.ts';
import { CASE_RECEIPT_COLUMNS, rowOfReceipt } from '../rows/case-receipt-row.ts';
import { CASE_COLUMNS, rowOfCase } from '../rows/case-row.ts';
import type { Statement, Statements } from '../statements.ts';
import { legacyRow, legacyRowParameters } from './legacy-row.ts';

const add = (legacy: LegacyColumns, withReceipt: boolean): Statement<never> => ({
  text: insertAll(
    [
      ['cases', CASE_COLUMNS],
      ['case_messages', CASE_MESSAGE_COLUMNS],
      ['case_events', CASE_EVENT_COLUMNS],
      ['audit_entries', AUDIT_COLUMNS],
      ...(withReceipt ? ([['case_receipts', CASE_RECEIPT_COLUMNS]] as const) : []),
    ],
    () => 'SELECT',
    (first) => legacyRow(legacy, first),
  ),
  refusals: { cases_anonymous_allowed: () => new Unauthenticated() },
});

const additions = new WeakMap<
  LegacyColumns,
  { readonly own: Statement<never>; readonly anonymous: Statement<never> }
>();

/** The statement that adds a case beside a legacy row of these columns, made once. */
function additionOf(legacy: LegacyColumns, withReceipt: boolean): Statement<never> {
  let known = additions.get(legacy);
  if (!known) {
    known = { own: add(legacy, false), anonymous: add(legacy, true) };
    additions.set(legacy, known);
  }
  return withReceipt ? known.anonymous : known.own;
}

/**
 * Adds a case of the tenant, whole, by one statement.
 *
 * @throws {Unauthenticated} for an anonymous case where the installation allows none
 */
export async function addCase(
  statements: Statements,
  tenantId: TenantId,
  legacyRowColumns: LegacyRowColumns,
  { submitted, question, event, audit, receipt }: SubmittedCase,
): Promise<void> {
  const request = rowOfLegacyRequest(submitted);
  await legacyRowColumns.use(request, statements, (legacy) =>
    statements.run(additionOf(legacy, receipt !== null), [
      ...parametersOf(CASE_COLUMNS, rowOfCase(submitted)),
      ...parametersOf(CASE_MESSAGE_COLUMNS, rowOfMessage(tenantId, question)),
      ...parametersOf(CASE_EVENT_COLUMNS, rowOfEvent(tenantId, event)),
      ...parametersOf(AUDIT_COLUMNS, rowOfAudit(audit)),
      ...(receipt ? parametersOf(CASE_RECEIPT_COLUMNS, rowOfReceipt(submitted, receipt)) : []),
      ...legacyRowParameters(legacy, request),
    ]),
  );
}
