import type { QueuePage, QueuePosition, QueueRequest } from '../../../application/ports/stores/case-store.ts';
import { type Case, CASE_PRIORITIES, type QueuedCase } from '../../../domain/cases/case.ts';
import type { Physician } from '../../../domain/identity/physician.ts';
import { DEFAULT_TENANT_ID, type TenantId } from '../../../domain/shared/ids.ts';
import type { Language } from '../../../domain/shared/language.ts';
import { columnList } from '../columns.ts';
import { CASE_COLUMNS, type CaseRow, caseOfRow } from '../rows/case-row.ts';
import type { Statement, Statements } from '../statements.ts';

/** Who asks for his queue. */
export type QueueReader = Pick<Physician, 'userId' | 'privatePool' | 'languages'>;

// As the indexes of the queue write it.
const RANK = `(CASE priority WHEN 'asap' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END)`;
const ORDER = `${RANK}, due_at, created_at, uuid`;
const BASE = `split_part(language, '-', 1)`;
/** A private pool is closed both ways; what has overflowed is open to the shared physicians as well. */
const SHARED = `(pool IS NULL OR 'overflow' = ANY (flags))`;

const POSITION = `($1::integer, $2::timestamptz, $3::timestamptz, $4::uuid)`;
const COLUMNS = columnList(CASE_COLUMNS);

/** The cases that wait, after the position `$1` to `$4`, `$5` of them at most. */
const waiting = (conditions: readonly string[]): string => `SELECT ${COLUMNS} FROM cases
  WHERE ${[`state = 'queued'`, ...conditions].join(' AND ')} AND (${ORDER}) > ${POSITION}
  ORDER BY ${ORDER} LIMIT $5::integer`;

const ofTenant = (conditions: readonly string[]): Statement<CaseRow> => ({
  text: waiting(['tenant_uuid = $6::uuid', ...conditions]),
});

/** An own statement where the language is told. */
type Narrowed<Key extends string> = Readonly<Record<Key | `${Key}+language`, Statement<CaseRow>>>;

const TENANT: Narrowed<'all'> = {
  all: ofTenant([]),
  'all+language': ofTenant(['language = $7::text']),
};

/** Nobody takes his own case. */
const OF_OTHERS = 'patient_uuid IS DISTINCT FROM $8::uuid';

const ANSWERED = `EXISTS (SELECT FROM unnest($7::text[]) AS spoken WHERE language = spoken OR starts_with(language, spoken || '-'))`;

/** A tenant's own physicians: what of their tenant's queue goes to them. */
const OWN: Narrowed<'shared' | 'pool'> = {
  shared: ofTenant([ANSWERED, OF_OTHERS, SHARED]),
  'shared+language': ofTenant([ANSWERED, OF_OTHERS, SHARED, 'language = $9::text']),
  pool: ofTenant([ANSWERED, OF_OTHERS, 'pool = $9::text']),
  'pool+language': ofTenant([ANSWERED, OF_OTHERS, 'pool = $9::text', 'language = $10::text']),
};

/** The physicians of the practice: the first of each of their languages, of all tenants, merged. */
const ofPractice = (conditions: readonly string[]): Statement<CaseRow> => ({
  text: `SELECT waiting.* FROM unnest($6::text[]) AS base CROSS JOIN LATERAL (
    ${waiting([`${BASE} = base`, ANSWERED, OF_OTHERS, ...conditions])}
  ) AS waiting ORDER BY ${ORDER} LIMIT $5::integer`,
});

const PRACTICE: Narrowed<'shared' | 'pool'> = {
  shared: ofPractice([SHARED]),
  'shared+language': ofPractice([SHARED, 'language = $9::text']),
  pool: ofPractice(['pool = $9::text']),
  'pool+language': ofPractice(['pool = $9::text', 'language = $10::text']),
};

/** Before everything that waits, so that the first page is the same statement. */
const START = [-1, '-infinity', '-infinity', '00000000-0000-0000-0000-000000000000'] as const;

const positionOf = (after: QueuePosition | null): readonly unknown[] =>
  after ? [CASE_PRIORITIES.indexOf(after.priority), after.dueAt, after.createdAt, after.id] : START;

const isQueued = (found: Case): found is QueuedCase => found.state === 'queued';

function pageOf(rows: readonly CaseRow[], limit: number): QueuePage {
  const items = rows.slice(0, limit).map(caseOfRow).filter(isQueued);
  const last = items.at(-1);
  if (rows.length <= limit || !last) return { items, next: null };
  const { priority, dueAt, createdAt, id } = last;
  return { items, next: { priority, dueAt, createdAt, id } };
}

const baseOf = (language: Language): string => language.split('-', 1).join();

/** The queue of a physician of the tenant. */
export async function queueOfPhysician(
  statements: Statements,
  tenantId: TenantId,
  { userId, privatePool, languages }: QueueReader,
  { after, filter: { language }, limit }: QueueRequest,
): Promise<QueuePage> {
  const isPractice = tenantId === DEFAULT_TENANT_ID;
  const bases = [...new Set(languages.map(baseOf))].filter(
    (base) => language === null || base === baseOf(language),
  );
  const pool = privatePool === null ? 'shared' : 'pool';
  const key = language === null ? pool : (`${pool}+language` as const);
  const rows = await statements.run((isPractice ? PRACTICE : OWN)[key], [
    ...positionOf(after),
    limit + 1,
    isPractice ? bases : tenantId,
    languages,
    userId,
    ...[privatePool, language].filter((value) => value !== null),
  ]);
  return pageOf(rows, limit);
}

/** The whole queue of the tenant. */
export async function queueOfTenant(
  statements: Statements,
  tenantId: TenantId,
  { after, filter: { language }, limit }: QueueRequest,
): Promise<QueuePage> {
  const parameters = [...positionOf(after), limit + 1, tenantId];
  const rows = await (language === null
    ? statements.run(TENANT.all, parameters)
    : statements.run(TENANT['all+language'], [...parameters, language]));
  return pageOf(rows, limit);
}
