import type { Application } from '../../application/application.ts';
import { LEGACY_IDENTIFIER_KINDS, type LegacyIdentifierKind } from '../../domain/legacy/legacy-identifier.ts';
import { columnName, type CsvColumns, type CsvFault, type CsvRow } from './csv-file.ts';
import { type CellIdentifier, cellsApart, identifierCell } from './identifier-cell.ts';
import { IMPORT_COLUMNS, type ImportColumn } from './import-row.ts';
import { OPERATOR } from './operator.ts';
import { vendorFault } from './vendor-fault.ts';

/** The columns of a file of people that link them, or that may be there since `users import` knows them. */
export type LinkColumn = ImportColumn | 'kind' | 'reason' | 'link_reason';

/** The columns of a file of people to link, for reading one. */
export const LINK_COLUMNS: CsvColumns<LinkColumn> = {
  required: ['email'],
  optional: [...IMPORT_COLUMNS.optional, 'kind', 'reason', 'link_reason'],
};

/** Whether a file is a report of this command, given back: its `reason` says why the row was refused. */
const isReport = (header: readonly string[]): boolean => header.map(columnName).includes('code');

/** The columns that a report of the file has besides its own: why a row is to be linked has another name there. */
export const reportedHeader = (header: readonly string[]): readonly string[] =>
  isReport(header) || header.map(columnName).includes('link_reason')
    ? header
    : header.map((name) => (columnName(name) === 'reason' ? 'link_reason' : name));

/** What a row says. */
export interface PersonToLink {
  readonly email: string;
  readonly vendorId: string | null;
  /** Slug of the tenant that the vendor, and so the account, belongs to. */
  readonly tenant: string;
  readonly identifiers: readonly CellIdentifier[];
  /** Why; `null` where the row says nothing of its own. */
  readonly reason: string | null;
  /** What of the row can be no identifier. */
  readonly faults: readonly CsvFault[];
}

const KIND_REJECTED = {
  code: 'legacy.kind-rejected',
  reason: `The kind is one of ${LEGACY_IDENTIFIER_KINDS.join(', ')}; empty, the form of the identifier tells.`,
};

const isKind = (text: string): text is LegacyIdentifierKind =>
  (LEGACY_IDENTIFIER_KINDS as readonly string[]).includes(text);

/**
 * Reads a row of a file of people to link.
 *
 * @param header of the file
 * @returns why nothing of it can be linked, where that is so
 */
export function readLinkRow(
  { legacy }: Application,
  header: readonly string[],
  { fault, values }: CsvRow<LinkColumn>,
): PersonToLink | CsvFault {
  const refusal = fault ?? vendorFault(values.vendor_id);
  if (refusal) return refusal;
  const kind = values.kind?.toLowerCase() ?? null;
  if (kind !== null && !isKind(kind)) return KIND_REJECTED;
  const vendor = legacy.findVendor.execute({ actor: OPERATOR, vendorId: values.vendor_id });
  const { faults, identifiers } = cellsApart([
    foundIn('user_identifier', values.user_identifier, kind ?? vendor.identifierKind),
    foundIn('legacy_user_id', values.legacy_user_id, 'legacy_user_id'),
  ]);
  return {
    email: values.email ?? '',
    vendorId: vendor.vendorId,
    tenant: vendor.tenant,
    identifiers,
    reason: values.link_reason ?? (isReport(header) ? null : values.reason),
    faults,
  };
}

const foundIn = (
  column: LinkColumn,
  text: string | null,
  only: LegacyIdentifierKind | null,
): CellIdentifier | CsvFault | null =>
  identifierCell(text, only, ({ code, message }) => ({ code, reason: `${column}: ${message}` }));
