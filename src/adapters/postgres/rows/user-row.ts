import type { Role, User } from '../../../domain/identity/user.ts';
import type { Columns } from '../columns.ts';

/** A row of `users`, without what Casegate keeps there for itself. */
export interface UserRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly email: string;
  readonly password_hash: string | null;
  readonly role: Role;
  readonly is_active: boolean;
  readonly email_verified_at: Date | null;
  readonly registration_pending: boolean;
  readonly language: string;
  readonly token_epoch: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: number;
}

/** The columns of {@link UserRow}. */
export const USER_COLUMNS: Columns<UserRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  email: 'text',
  password_hash: 'text',
  role: 'text',
  is_active: 'boolean',
  email_verified_at: 'timestamptz',
  registration_pending: 'boolean',
  language: 'text',
  token_epoch: 'integer',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  version: 'integer',
};

/** The row of an account. */
export const rowOfUser = (user: User): UserRow => ({
  uuid: user.id,
  tenant_uuid: user.tenantId,
  email: user.email,
  password_hash: user.passwordHash,
  role: user.role,
  is_active: user.isActive,
  email_verified_at: user.emailVerifiedAt,
  registration_pending: user.registrationPending,
  language: user.language,
  token_epoch: user.tokenEpoch,
  created_at: user.createdAt,
  updated_at: user.updatedAt,
  version: user.version,
});

/** The account of a row. */
export const userOfRow = (row: UserRow): User => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  email: row.email,
  passwordHash: row.password_hash,
  role: row.role,
  isActive: row.is_active,
  emailVerifiedAt: row.email_verified_at,
  registrationPending: row.registration_pending,
  language: row.language,
  tokenEpoch: row.token_epoch,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
});
