import type { IndexableRow } from '../../../application/ports/legacy/legacy-index.ts';
import { legacyLanguage } from '../../../domain/cases/legacy-language.ts';
import { normalVendorId } from '../../../domain/shared/vendor-id.ts';
import { legacyCreatedAt, type RequestColumns, legacyText } from './legacy-shape.ts';

/** What is read of a row of `rn_requests`. */
export interface RequestRow {
  readonly uuid: string;
  readonly vendor_id: string | null;
  readonly user_id: string | null;
  readonly user_identifier: string | null;
  readonly user_uuid: string | null;
  readonly created_at: Date | null;
  readonly language: string | null;
}

/**
 * That it is no case of Casegate's own, in SQL; looked up for each row. (Of a condition with EXISTS the planner may make a join that
 * reads all cases for a few rows.)
 *
 * @param alias of `rn_requests` in the statement
 */
export const isTheirs = (alias: string): string =>
  `(SELECT true FROM cases WHERE cases.uuid = ${alias}.uuid AND cases.origin = 'casegate') IS NULL`;

/** The columns of a {@link RequestRow}, for a SELECT. @param alias of `rn_requests` in the statement */
export const requestColumns = (columns: RequestColumns, alias: string): string =>
  [
    `${alias}.uuid`,
    ...['vendor_id', 'user_id', 'user_identifier', 'language'].map(
      (name) => `${legacyText(columns, name, alias)} AS ${name}`,
    ),
    `${alias}.user_uuid`,
    `${legacyCreatedAt(columns, alias)} AS created_at`,
  ].join(', ');

/** What a row says. */
export const indexableOf = (row: RequestRow): IndexableRow => ({
  caseId: row.uuid,
  vendorId: normalVendorId(row.vendor_id),
  userId: row.user_id,
  identifier: row.user_identifier,
  ownerId: row.user_uuid,
  createdAt: row.created_at,
  language: legacyLanguage(row.language),
});
