import { columnList, insertInto, parametersOf } from '../columns.ts';
import type { LegacyColumns, LegacyRequestRow } from '../legacy/legacy-row-columns.ts';

/**
 * What adds the row of a new case for the legacy service, each part as `name AS (…)` beside the query `condition`. Where a link brought
 * the patient rows of the legacy service, the new one says who he is as the newest of them does, of the case's vendor where it names
 * one. Where there is no such row, the columns are left to their defaults.
 *
 * @param first the number of the first of the {@link legacyRowParameters}
 */
export function legacyRow({ filled, taken, dated }: LegacyColumns, first: number): readonly string[] {
  const plain = insertInto('rn_requests', filled, first, 'condition');
  if (taken.length === 0) return [`added_rn_requests AS (${plain})`];
  const own = Object.entries(filled).map(
    ([column, type], index) => [column, `$${String(first + index)}::${type}`] as const,
  );
  const personal = taken.map((column) => [column, `known.${column}`] as const);
  const values = Object.fromEntries([...own, ...personal]);
  const [userUuid, vendorId] = [first + Object.keys(filled).indexOf('user_uuid'), first + own.length];
  const known = `SELECT ${taken.map((column) => `theirs.${column}`).join(', ')}
    FROM legacy_stamps AS stamps
      JOIN legacy_links AS links ON links.uuid = stamps.link_uuid
      JOIN rn_requests AS theirs ON theirs.uuid = stamps.request_uuid AND theirs.user_uuid = stamps.user_uuid
    WHERE stamps.user_uuid = $${String(userUuid)}::uuid
      AND ($${String(vendorId)}::text IS NULL OR links.vendor_id = $${String(vendorId)}::text)
    ORDER BY ${dated ? 'theirs.created_at DESC NULLS LAST' : 'stamps.stamped_at DESC'}, theirs.uuid DESC LIMIT 1`;
  return [
    `known AS (${known})`,
    `added_rn_requests AS (INSERT INTO rn_requests (${columnList(values)})
    SELECT ${Object.values(values).join(', ')} FROM condition, known)`,
    `added_unknown AS (${plain} WHERE NOT EXISTS (SELECT FROM known))`,
  ];
}

/** The values that {@link legacyRow} goes by. */
export const legacyRowParameters = (legacy: LegacyColumns, request: LegacyRequestRow): unknown[] => [
  ...parametersOf(legacy.filled, request),
  ...(legacy.taken.length === 0 ? [] : [request.vendor_id]),
];
