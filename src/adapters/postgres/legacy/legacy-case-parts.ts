import { legacyCase } from '../rows/scoped-case-row.ts';
import { LOWEST_ID } from './id-range.ts';
import { legacyCreatedAt, legacyText, type RequestColumns } from './legacy-shape.ts';

/** Whose legacy cases a tenant has: those of every vendor, of some vendors, or of all vendors but some. */
export type VendorCondition = 'any' | 'only' | 'except';

/** Where the parameters of a list are, by number. `$1` is the tenant, and `$2` the patient where it is his. */
export interface ListParameters {
  /** Creation time of the position; its id is the next. */
  readonly position: number;
  readonly limit: number;
  /** `null` where any language will do. */
  readonly language: number | null;
  /** The ids of vendors, where the condition names some. */
  readonly vendors: number;
}

// Whatever the planner knows of the tables, these look up one row for each other, by its key: a value is no join, and OFFSET keeps a query
// apart. A page is few rows, and a patient's are.
const IS_UNADOPTED = '(SELECT cases.uuid FROM cases WHERE cases.uuid = request.uuid) IS NULL';

/** The owner where he is of the tenant; whose it is in another one is not told. */
const OWN_PATIENT =
  '(SELECT users.uuid FROM users WHERE users.tenant_uuid = $1::uuid AND users.uuid = request.user_uuid)';
const IS_PATIENTS =
  'request.user_uuid = (SELECT users.uuid FROM users WHERE users.tenant_uuid = $1::uuid AND users.uuid = $2::uuid)';

/** Every vendor of the index by one look each (a loose index scan); ends with NULL. */
const VENDORS = `WITH RECURSIVE vendors (vendor_id) AS (
      (SELECT min(vendor_id) FROM legacy_index)
      UNION ALL
      SELECT (SELECT min(indexed.vendor_id) FROM legacy_index AS indexed WHERE indexed.vendor_id > vendors.vendor_id)
      FROM vendors WHERE vendors.vendor_id IS NOT NULL
    )`;

const textOf = (columns: RequestColumns, name: string): string => legacyText(columns, name, 'request');

/** What the live row says, under the names that a legacy case has it. */
const saidIn = (columns: RequestColumns) => ({
  language: textOf(columns, 'language'),
  vendor_id: textOf(columns, 'vendor_id'),
  legacy_status: textOf(columns, 'status'),
});

/** When the case was made: as the index has it, and as it will have it. NULL where only the index could say. */
const createdAtIn = (columns: RequestColumns): string =>
  `coalesce(indexed.created_at, date_trunc('milliseconds', ${legacyCreatedAt(columns, 'request')}))`;

/** Legacy cases by their live rows, for a SELECT and more conditions. */
const byRow = (columns: RequestColumns, patient: string): string => `SELECT ${legacyCase({
  ...saidIn(columns),
  uuid: 'request.uuid',
  patient_uuid: patient,
  created_at: createdAtIn(columns),
})}
    FROM rn_requests AS request LEFT JOIN LATERAL (
      SELECT known.created_at, known.language FROM legacy_index AS known WHERE known.request_uuid = request.uuid OFFSET 0
    ) AS indexed ON true
    WHERE ${IS_UNADOPTED} AND ${createdAtIn(columns)} IS NOT NULL`;

/** Which part of the index is read, in SQL: of every vendor, of one, or what is of none. */
type VendorPart = { readonly vendor: 'any' | 'none' } | { readonly vendor: 'one'; readonly id: string };

/**
 * The condition and the order of a page of the index. What is asked for is written as a range of the one index that is made for it: as an
 * equation it would leave the planner free to read all of time for a vendor or a language that few have.
 */
function pageOfIndex(part: VendorPart, { language, limit, position }: ListParameters): string {
  const keys = [
    ...(part.vendor === 'one' ? [{ column: 'indexed.vendor_id', value: part.id }] : []),
    ...(language === null ? [] : [{ column: 'indexed.language', value: `$${String(language)}::text` }]),
  ];
  const sorted = [...keys.map(({ column }) => column), 'indexed.created_at', 'indexed.request_uuid'];
  const values = keys.map(({ value }) => value);
  const row = (...parts: readonly string[]): string => `(${parts.join(', ')})`;
  const next = row(...values, `$${String(position)}::timestamptz`, `$${String(position + 1)}::uuid`);
  const last = row(...values, `'-infinity'::timestamptz`, `'${LOWEST_ID}'::uuid`);
  const conditions = [
    ...(part.vendor === 'none' ? ['indexed.vendor_id IS NULL'] : []),
    `${row(...sorted)} < ${next}`,
    ...(keys.length === 0 ? [] : [`${row(...sorted)} >= ${last}`]),
  ];
  const order = [...(part.vendor === 'none' ? ['indexed.vendor_id'] : []), ...sorted];
  return `WHERE ${conditions.join(' AND ')}
    ORDER BY ${order.map((column) => `${column} DESC`).join(', ')} LIMIT $${String(limit)}::integer`;
}

/** Legacy cases by the index, page by page, each held against its live row as it comes. */
function byIndex(columns: RequestColumns, part: VendorPart, parameters: ListParameters): string {
  const live = Object.entries({ ...saidIn(columns), patient_uuid: OWN_PATIENT });
  return `SELECT ${legacyCase({
    uuid: 'indexed.request_uuid',
    language: 'live.language',
    patient_uuid: 'live.patient_uuid',
    vendor_id: 'live.vendor_id',
    created_at: 'indexed.created_at',
    legacy_status: 'live.legacy_status',
  })}
    FROM legacy_index AS indexed CROSS JOIN LATERAL (
      SELECT ${live.map(([name, text]) => `${text} AS ${name}`).join(', ')}
      FROM rn_requests AS request WHERE request.uuid = indexed.request_uuid AND ${IS_UNADOPTED} OFFSET 0
    ) AS live
    ${pageOfIndex(part, parameters)}`;
}

/** The legacy case of an id, for whoever the scope is. @param id the number of the parameter */
export const legacyCaseById = (columns: RequestColumns, scope: 'patient' | 'tenant', id: number): string => {
  const ofScope =
    scope === 'patient'
      ? `${byRow(columns, 'request.user_uuid')} AND ${IS_PATIENTS}`
      : byRow(columns, OWN_PATIENT);
  return `${ofScope} AND request.uuid = $${String(id)}::uuid`;
};

/** What a legacy case asks, and its vendor; of the patient `$2` of the tenant `$1` the id is `$3`, otherwise `$1`. */
export const legacyQuestion = (columns: RequestColumns, scope: 'patient' | 'tenant'): string =>
  `SELECT ${textOf(columns, 'question')} AS question, ${textOf(columns, 'vendor_id')} AS vendor_id
    FROM rn_requests AS request WHERE ${IS_UNADOPTED}
      AND ${scope === 'patient' ? `request.uuid = $3::uuid AND ${IS_PATIENTS}` : 'request.uuid = $1::uuid'}`;

/** A page of the legacy cases that a patient is linked to. */
export const legacyCasesOfPatient = (
  columns: RequestColumns,
  { language, limit, position }: ListParameters,
): string => `${byRow(columns, 'request.user_uuid')} AND ${IS_PATIENTS}
      AND (${createdAtIn(columns)}, request.uuid) < ($${String(position)}::timestamptz, $${String(position + 1)}::uuid)
      ${language === null ? '' : `AND indexed.language = $${String(language)}::text`}
    ORDER BY ${createdAtIn(columns)} DESC, request.uuid DESC LIMIT $${String(limit)}::integer`;

/**
 * Pages of the legacy cases that are of a tenant's vendors, to be merged. Each vendor has its own, so that those of a vendor are found
 * at once however many others have.
 */
export function legacyCasesOfTenant(
  columns: RequestColumns,
  vendors: VendorCondition,
  parameters: ListParameters,
): readonly string[] {
  if (vendors === 'any') return [byIndex(columns, { vendor: 'any' }, parameters)];
  const ofEach = byIndex(columns, { vendor: 'one', id: 'vendor.vendor_id' }, parameters);
  const named = `$${String(parameters.vendors)}::text[]`;
  if (vendors === 'only') {
    return [
      `SELECT page.* FROM unnest(${named}) AS vendor (vendor_id) CROSS JOIN LATERAL (${ofEach}) AS page`,
    ];
  }
  return [
    byIndex(columns, { vendor: 'none' }, parameters),
    `${VENDORS} SELECT page.* FROM vendors AS vendor CROSS JOIN LATERAL (${ofEach}) AS page
      WHERE vendor.vendor_id <> ALL (${named})`,
  ];
}
