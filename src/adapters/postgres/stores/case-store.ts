import type {
  CaseFilter,
  CaseStore,
  SealedMessage,
  SubmittedCase,
} from '../../../application/ports/stores/case-store.ts';
import { Unauthenticated } from '../../../domain/access/errors.ts';
import type { Case } from '../../../domain/cases/case.ts';
import type { CaseScope } from '../../../domain/cases/visibility.ts';
import type { CaseId, TenantId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { type Page, type PageRequest, pageOf } from '../../../domain/shared/page.ts';
import { columnList, insertAll, parametersOf } from '../columns.ts';
import { afterPosition, NEWEST_FIRST, positionOf } from '../keyset.ts';
import { type LegacyRequests, rowOfLegacyRequest } from '../legacy-requests.ts';
import { AUDIT_COLUMNS, rowOfAudit } from '../rows/audit-row.ts';
import { CASE_EVENT_COLUMNS, rowOfEvent } from '../rows/case-event-row.ts';
import {
  CASE_MESSAGE_COLUMNS,
  type CaseMessageRow,
  messageOfRow,
  rowOfMessage,
} from '../rows/case-message-row.ts';
import { CASE_RECEIPT_COLUMNS, rowOfReceipt } from '../rows/case-receipt-row.ts';
import { CASE_COLUMNS, type CaseRow, caseOfRow, rowOfCase } from '../rows/case-row.ts';
import type { Statement, Statements } from '../statements.ts';

type ColumnTypes = Readonly<Record<string, string>>;

const add = (legacy: ColumnTypes, withReceipt: boolean): Statement<never> => ({
  text: insertAll([
    ['rn_requests', legacy],
    ['cases', CASE_COLUMNS],
    ['case_messages', CASE_MESSAGE_COLUMNS],
    ['case_events', CASE_EVENT_COLUMNS],
    ['audit_entries', AUDIT_COLUMNS],
    ...(withReceipt ? ([['case_receipts', CASE_RECEIPT_COLUMNS]] as const) : []),
  ]),
  refusals: { cases_anonymous_allowed: () => new Unauthenticated() },
});

const additions = new WeakMap<
  ColumnTypes,
  { readonly own: Statement<never>; readonly anonymous: Statement<never> }
>();

/** The statement that adds a case beside a legacy row of these columns, made once. */
function additionOf(legacy: ColumnTypes, withReceipt: boolean): Statement<never> {
  let known = additions.get(legacy);
  if (!known) {
    known = { own: add(legacy, false), anonymous: add(legacy, true) };
    additions.set(legacy, known);
  }
  return withReceipt ? known.anonymous : known.own;
}

/** Who sees a case of the tenant; `$2` is the patient, or the user behind the physician. */
const SCOPES: Readonly<Record<CaseScope['kind'], string>> = {
  patient: 'patient_uuid = $2::uuid',
  physician: 'physician_uuid = (SELECT uuid FROM physicians WHERE user_uuid = $2::uuid)',
  tenant: '$2::uuid IS NULL',
};

const selectOf = (scope: CaseScope['kind'], rest: string): Statement<CaseRow> => ({
  text: `SELECT ${columnList(CASE_COLUMNS)} FROM cases WHERE tenant_uuid = $1::uuid AND ${SCOPES[scope]} ${rest}`,
});

const find = (scope: CaseScope['kind']) => selectOf(scope, 'AND uuid = $3::uuid');

const FIND = { patient: find('patient'), physician: find('physician'), tenant: find('tenant') };

const list = (scope: CaseScope['kind']) =>
  selectOf(
    scope,
    `AND ${afterPosition(3)} AND ($5::text IS NULL OR state = $5::text) AND ($6::text IS NULL OR language = $6::text)
    ${NEWEST_FIRST} LIMIT $7::integer`,
  );

const LIST = { patient: list('patient'), physician: list('physician'), tenant: list('tenant') };

const LIST_MESSAGES: Statement<CaseMessageRow> = {
  text: `SELECT ${columnList(CASE_MESSAGE_COLUMNS)} FROM case_messages
    WHERE tenant_uuid = $1::uuid AND case_uuid = $2::uuid ORDER BY at, uuid`,
};

/** The cases of one tenant, in PostgreSQL. */
export class PostgresCaseStore implements CaseStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;
  readonly #legacyRequests: LegacyRequests;

  constructor(statements: Statements, tenantId: TenantId, legacyRequests: LegacyRequests) {
    this.#statements = statements;
    this.#tenantId = tenantId;
    this.#legacyRequests = legacyRequests;
  }

  async add(submission: SubmittedCase): Promise<void> {
    const { submitted, audit, receipt } = submission;
    assertOwnTenant(this.#tenantId, submitted);
    assertOwnTenant(this.#tenantId, audit);
    const request = rowOfLegacyRequest(submitted);
    const legacy = await this.#legacyRequests.columnsFor(request, this.#statements);
    await this.#statements.run(additionOf(legacy, receipt !== null), [
      ...parametersOf(legacy, request),
      ...ownParameters(this.#tenantId, submission),
    ]);
  }

  async find(id: CaseId, scope: CaseScope): Promise<Case | null> {
    const [row] = await this.#statements.run(FIND[scope.kind], [this.#tenantId, readerOf(scope), id]);
    return row ? caseOfRow(row) : null;
  }

  async listMessages(id: CaseId): Promise<readonly SealedMessage[]> {
    const rows = await this.#statements.run(LIST_MESSAGES, [this.#tenantId, id]);
    return rows.map(messageOfRow);
  }

  async list(scope: CaseScope, filter: CaseFilter, request: PageRequest): Promise<Page<Case>> {
    const { state, language } = filter;
    const position = positionOf(request);
    const parameters = [this.#tenantId, readerOf(scope), ...position, state, language, request.limit + 1];
    const rows = await this.#statements.run(LIST[scope.kind], parameters);
    return pageOf(rows.map(caseOfRow), request.limit);
  }
}

const ownParameters = (
  tenantId: TenantId,
  { submitted, question, event, audit, receipt }: SubmittedCase,
): unknown[] => [
  ...parametersOf(CASE_COLUMNS, rowOfCase(submitted)),
  ...parametersOf(CASE_MESSAGE_COLUMNS, rowOfMessage(tenantId, question)),
  ...parametersOf(CASE_EVENT_COLUMNS, rowOfEvent(tenantId, event)),
  ...parametersOf(AUDIT_COLUMNS, rowOfAudit(audit)),
  ...(receipt ? parametersOf(CASE_RECEIPT_COLUMNS, rowOfReceipt(submitted, receipt)) : []),
];

function readerOf(scope: CaseScope): string | null {
  if (scope.kind === 'tenant') return null;
  return scope.kind === 'patient' ? scope.patientId : scope.userId;
}
