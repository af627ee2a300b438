import type { Application } from '../../application/application.ts';
import type { LinkCandidate } from '../../application/steps/link-candidates.ts';
import { ROLES, type Role } from '../../domain/identity/user.ts';
import { IdentifierIsPlaceholder, IdentifierRejected } from '../../domain/legacy/errors.ts';
import {
  identifierIn,
  isPlaceholder,
  type LegacyIdentifier,
  normalIdentifier,
} from '../../domain/legacy/legacy-identifier.ts';
import { DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';
import type { CsvColumns, CsvFault, CsvRow } from './csv-file.ts';
import { OPERATOR } from './operator.ts';

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
  if (fault) return fault;
  const role = values.role?.toLowerCase() ?? 'patient';
  if (!isRole(role)) return ROLE_REJECTED;
  const vendor = legacy.findVendor.execute({ actor: OPERATOR, vendorId: values.vendor_id });
  const { vendorId } = vendor;
  const own = identifierIn(values.user_identifier, vendor.identifierKind);
  const found = [
    foundIn('user_identifier', values.user_identifier, own),
    foundIn('legacy_user_id', values.legacy_user_id, legacyUserIdIn(values.legacy_user_id)),
  ];
  return {
    email: values.email ?? '',
    role,
    language: values.language ?? undefined,
    passwordHash: values.password_hash ?? undefined,
    tenant: vendorId === null ? (otherwise ?? DEFAULT_TENANT_SLUG) : vendor.tenant,
    candidates: found.flatMap((part) => (part && 'kind' in part ? [{ ...part, vendorId }] : [])),
    warnings: found.flatMap((part) => (part && 'code' in part ? [part] : [])),
  };
}

type Found = Pick<LinkCandidate, 'kind' | 'identifier'> | CsvFault | null;

function legacyUserIdIn(text: string | null): LegacyIdentifier | null {
  const normal = text === null ? null : normalIdentifier('legacy_user_id', text);
  return normal === null ? null : { kind: 'legacy_user_id', normal };
}

/** What a cell gives: an identifier, a warning that it holds none; `null` where it is empty. */
function foundIn(column: ImportColumn, text: string | null, identifier: LegacyIdentifier | null): Found {
  if (text === null) return null;
  if (!identifier) return warning(column, new IdentifierRejected().code, 'can be no identifier');
  const { kind, normal } = identifier;
  if (!isPlaceholder(kind, normal)) return { kind, identifier: normal };
  return warning(column, new IdentifierIsPlaceholder().code, 'stands for nobody');
}

const warning = (column: ImportColumn, code: string, words: string): CsvFault => ({
  code: `warning:${code}`,
  reason: `The account was made; its ${column} was left out, because it ${words}.`,
});
