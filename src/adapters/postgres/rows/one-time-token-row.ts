import type { OneTimeToken, TokenPurpose } from '../../../domain/access/one-time-token.ts';
import type { Columns } from '../columns.ts';

/** A row of `one_time_tokens`. */
export interface OneTimeTokenRow {
  readonly user_uuid: string;
  readonly purpose: TokenPurpose;
  readonly tenant_uuid: string;
  readonly token_hash: Uint8Array;
  readonly email: string;
  readonly created_at: Date;
  readonly expires_at: Date;
}

/** The columns of {@link OneTimeTokenRow}. */
export const ONE_TIME_TOKEN_COLUMNS: Columns<OneTimeTokenRow> = {
  user_uuid: 'uuid',
  purpose: 'text',
  tenant_uuid: 'uuid',
  token_hash: 'bytea',
  email: 'text',
  created_at: 'timestamptz',
  expires_at: 'timestamptz',
};

/** The row of a token. */
export const rowOfOneTimeToken = (token: OneTimeToken): OneTimeTokenRow => ({
  user_uuid: token.userId,
  purpose: token.purpose,
  tenant_uuid: token.tenantId,
  token_hash: token.hash,
  email: token.email,
  created_at: token.createdAt,
  expires_at: token.expiresAt,
});

/** The token of a row. */
export const oneTimeTokenOfRow = (row: OneTimeTokenRow): OneTimeToken => ({
  hash: row.token_hash,
  tenantId: row.tenant_uuid,
  userId: row.user_uuid,
  purpose: row.purpose,
  email: row.email,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
});
