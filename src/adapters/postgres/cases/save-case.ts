import type { CaseChange } from '../../../application/ports/stores/case-store.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { type Columns, insertAll, parametersOf } from '../columns.ts';
import { AUDIT_COLUMNS, rowOfAudit } from '../rows/audit-row.ts';
import { CASE_EVENT_COLUMNS, rowOfEvent } from '../rows/case-event-row.ts';
import { CASE_MESSAGE_COLUMNS, rowOfMessage } from '../rows/case-message-row.ts';
import { CASE_REASON_COLUMNS, rowOfReason } from '../rows/case-reason-row.ts';
import { type CaseRow, rowOfCase } from '../rows/case-row.ts';
import type { Statement, Statements } from '../statements.ts';

/** The columns that a step may change. */
const CHANGED_COLUMNS = {
  state: 'text',
  version: 'integer',
  patient_uuid: 'uuid',
  physician_uuid: 'uuid',
  flags: 'text[]',
  due_at: 'timestamptz',
  updated_at: 'timestamptz',
  due_seconds: 'integer',
  state_since: 'timestamptz',
  escalations: 'smallint',
  reminders: 'smallint',
  follow_ups: 'smallint',
  answered_at: 'timestamptz',
  away_since: 'timestamptz',
  timer_at: 'timestamptz',
} as const satisfies Partial<Columns<CaseRow>>;

/** The parameters of the condition: which case it is, as what it was found, and what it becomes. */
const CONDITION = [
  'tenant',
  'uuid',
  'found_state',
  'found_version',
  ...Object.keys(CHANGED_COLUMNS),
] as const;

/** What a step changes besides the case, its event and the trail; each combination is a statement of its own. */
interface Variant {
  readonly message: boolean;
  readonly reason: boolean;
  readonly assignee: 'kept' | 'set' | 'removed';
  readonly patient: boolean;
}

const variantOf = ({ before, after, message, reason }: CaseChange): Variant => ({
  message: message !== null,
  reason: reason !== null,
  assignee:
    before.physicianId === after.physicianId ? 'kept' : after.physicianId === null ? 'removed' : 'set',
  patient: before.patientId !== after.patientId,
});

const parameterNames = (first: number) => (name: (typeof CONDITION)[number]) =>
  `$${String(first + CONDITION.indexOf(name))}`;

function condition(first: number): string {
  const $ = parameterNames(first);
  const changes = Object.entries(CHANGED_COLUMNS).map(
    ([column, type]) => `${column} = ${$(column)}::${type}`,
  );
  return `UPDATE cases SET ${changes.join(', ')}
    WHERE tenant_uuid = ${$('tenant')}::uuid AND uuid = ${$('uuid')}::uuid
      AND state = ${$('found_state')}::text AND version = ${$('found_version')}::integer
    RETURNING uuid`;
}

/** The assignment follows the assignee, the row for the legacy service its patient. */
function besides({ assignee, patient }: Variant, first: number): readonly string[] {
  const $ = parameterNames(first);
  const assigned = `assigned AS (
    INSERT INTO assignments (case_uuid, tenant_uuid, physician_tenant_uuid, physician_uuid, assigned_at)
    SELECT ${$('uuid')}::uuid, ${$('tenant')}::uuid, physicians.tenant_uuid, physicians.uuid, ${$('updated_at')}::timestamptz
    FROM condition, physicians WHERE physicians.uuid = ${$('physician_uuid')}::uuid
    ON CONFLICT (case_uuid) DO UPDATE SET physician_tenant_uuid = excluded.physician_tenant_uuid,
      physician_uuid = excluded.physician_uuid, assigned_at = excluded.assigned_at)`;
  const removed = `removed AS (DELETE FROM assignments USING condition WHERE case_uuid = ${$('uuid')}::uuid)`;
  const owned = `owned AS (UPDATE rn_requests SET user_uuid = ${$('patient_uuid')}::uuid FROM condition
    WHERE rn_requests.uuid = ${$('uuid')}::uuid)`;
  return [
    ...(assignee === 'set' ? [assigned] : []),
    ...(assignee === 'removed' ? [removed] : []),
    ...(patient ? [owned] : []),
  ];
}

const save = (variant: Variant): Statement<object> => ({
  text: insertAll(
    [
      ['case_events', CASE_EVENT_COLUMNS],
      ['audit_entries', AUDIT_COLUMNS],
      ...(variant.message ? ([['case_messages', CASE_MESSAGE_COLUMNS]] as const) : []),
      ...(variant.reason ? ([['case_reasons', CASE_REASON_COLUMNS]] as const) : []),
    ],
    condition,
    (first) => besides(variant, first),
  ),
});

const known = new Map<string, Statement<object>>();

/** The statement of a variant, made once. */
function statementOf(variant: Variant): Statement<object> {
  const key = Object.values(variant).join();
  const statement = known.get(key) ?? save(variant);
  known.set(key, statement);
  return statement;
}

/**
 * Keeps a step of a case of the tenant, whole, by one statement.
 *
 * @returns `false` where the case is not what the step was taken from any more: nothing is kept
 */
export async function saveCase(
  statements: Statements,
  tenantId: TenantId,
  change: CaseChange,
): Promise<boolean> {
  const { before, after, event, audit, message, reason } = change;
  const saved = await statements.run(statementOf(variantOf(change)), [
    ...parametersOf(CASE_EVENT_COLUMNS, rowOfEvent(tenantId, event)),
    ...parametersOf(AUDIT_COLUMNS, rowOfAudit(audit)),
    ...(message ? parametersOf(CASE_MESSAGE_COLUMNS, rowOfMessage(tenantId, message)) : []),
    ...(reason ? parametersOf(CASE_REASON_COLUMNS, rowOfReason(tenantId, event, reason)) : []),
    ...[tenantId, after.id, before.state, before.version],
    ...parametersOf(CHANGED_COLUMNS, rowOfCase(after)),
  ]);
  return saved.length > 0;
}
