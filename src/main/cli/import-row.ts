import type { Application } from '../../application/application.ts';
import type { LinkCandidate } from '../../application/steps/link-candidates.ts';
import { ROLES, type Role } from '../../domain/identity/user.ts';
import { IdentifierIsPlaceholder } from '../../domain/legacy/errors.ts';
import { isPlaceholder, type LegacyIdentifierKind } from '../../domain/legacy/legacy-identifier.ts';
import { DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';
import type { CsvColumns, CsvFault, CsvRow } from './csv-file.ts';
import { type CellIdentifier, cellsApart, identifierCell } from './identifier-cell.ts';
import { OPERATOR } from './operator.ts';
import { vendorFault } from './vendor-fault.ts';

/** The columns of a file of people. */
export type ImportColumn =
  'email' | 'role' | 'language' | 'vendor_id' | 'user_identifier' | 'legacy_user_id' | 'password_hash';

/** The columns of a file of people, for reading one. */
export const IMPORT_COLUMNS: CsvColumns<ImportColumn> = {
  required: ['email'],
  optional: ['role', 'language', 'vendor_id', 'user_identifier', 'legacy_user_id', 'password_hash'],
};

/** What a row says, as an account is made of it. */
export interface ImportedPerson {
  readonly email: string;
  readonly role: Role;
  readonly language: string | undefined;
  readonly passwordHash: string | undefined;
  /** Slug of the tenant that the account belongs to. */
  readonly tenant: string;
  readonly candidates: readonly LinkCandidate[];
  /** What was left out; the account is made without it. */
  readonly warnings: readonly CsvFault[];
}

const ROLE_REJECTED = { code: 'import.role-rejected', reason: `The role is one of ${ROLES.join(', ')}.` };

const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

/**
 * Reads a row of a file of people.
 *
 * @param otherwise the tenant of people whose row names no vendor
 * @returns why there can be no account, where there can be none
 */
export function readImportRow(
  { legacy }: Application,
  { fault, values }: CsvRow<ImportColumn>,
  otherwise: string | undefined,
): ImportedPerson | CsvFault {
  const refusal = fault ?? vendorFault(values.vendor_id);
  if (refusal) return refusal;
  const role = values.role?.toLowerCase() ?? 'patient';
  if (!isRole(role)) return ROLE_REJECTED;
  const vendor = legacy.findVendor.execute({ actor: OPERATOR, vendorId: values.vendor_id });
  const { vendorId } = vendor;
  const { faults, identifiers } = cellsApart([
    candidateIn('user_identifier', values.user_identifier, vendor.identifierKind),
    candidateIn('legacy_user_id', values.legacy_user_id, 'legacy_user_id'),
  ]);
  return {
    email: values.email ?? '',
    role,
    language: values.language ?? undefined,
    passwordHash: values.password_hash ?? undefined,
    tenant: vendorId === null ? (otherwise ?? DEFAULT_TENANT_SLUG) : vendor.tenant,
    candidates: identifiers.map((identifier) => ({ ...identifier, vendorId })),
    warnings: faults,
  };
}

/** What a cell gives: an identifier, a warning that it holds none; `null` where it is empty. */
function candidateIn(
  column: ImportColumn,
  text: string | null,
  only: LegacyIdentifierKind | null,
): CellIdentifier | CsvFault | null {
  const found = identifierCell(text, only, ({ code }) => warning(column, code, 'can be no identifier'));
  if (!found || 'code' in found || !isPlaceholder(found.kind, found.identifier)) return found;
  return warning(column, new IdentifierIsPlaceholder().code, 'stands for nobody');
}

const warning = (column: ImportColumn, code: string, words: string): CsvFault => ({
  code: `warning:${code}`,
  reason: `The account was made; its ${column} was left out, because it ${words}.`,
});
