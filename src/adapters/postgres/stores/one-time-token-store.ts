import type { OneTimeTokenStore } from '../../../application/ports/stores/one-time-token-store.ts';
import type { OneTimeToken, TokenPurpose } from '../../../domain/access/one-time-token.ts';
import type { SignInBasis } from '../../../domain/access/session.ts';
import type { TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { accountStands } from '../account-stands.ts';
import { insertInto, parametersOf } from '../columns.ts';
import {
  ONE_TIME_TOKEN_COLUMNS,
  type OneTimeTokenRow,
  rowOfOneTimeToken,
} from '../rows/one-time-token-row.ts';
import type { Statement, Statements } from '../statements.ts';

// The tenant is set as well, so that the foreign key refuses a token for an account of another one.
const REPLACE = `ON CONFLICT (user_uuid, purpose) DO UPDATE SET tenant_uuid = excluded.tenant_uuid, token_hash = excluded.token_hash,
      email = excluded.email, created_at = excluded.created_at, expires_at = excluded.expires_at`;

const PUT: Statement<never> = {
  text: `${insertInto('one_time_tokens', ONE_TIME_TOKEN_COLUMNS)}
    ${REPLACE}`,
};

const PUT_WHILE: Statement<Pick<OneTimeTokenRow, 'user_uuid'>> = {
  text: `WITH account AS (${accountStands(Object.keys(ONE_TIME_TOKEN_COLUMNS).length + 1)})
    ${insertInto('one_time_tokens', ONE_TIME_TOKEN_COLUMNS, 1, 'account')}
    ${REPLACE}
    RETURNING user_uuid`,
};

const SPEND: Statement<Pick<OneTimeTokenRow, 'user_uuid'>> = {
  text: `DELETE FROM one_time_tokens
    WHERE tenant_uuid = $1::uuid AND token_hash = $2::bytea AND $3::timestamptz < expires_at
    RETURNING user_uuid`,
};

const REVOKE: Statement<never> = {
  text: `DELETE FROM one_time_tokens
    WHERE tenant_uuid = $1::uuid AND user_uuid = $2::uuid AND purpose = ANY ($3::text[])`,
};

/** The one-time tokens of one tenant's accounts, in PostgreSQL. */
export class PostgresOneTimeTokenStore implements OneTimeTokenStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;

  constructor(statements: Statements, tenantId: TenantId) {
    this.#statements = statements;
    this.#tenantId = tenantId;
  }

  async put(token: OneTimeToken): Promise<void> {
    assertOwnTenant(this.#tenantId, token);
    await this.#statements.run(PUT, parametersOf(ONE_TIME_TOKEN_COLUMNS, rowOfOneTimeToken(token)));
  }

  async putWhile(token: OneTimeToken, basis: SignInBasis): Promise<boolean> {
    assertOwnTenant(this.#tenantId, token);
    const put = await this.#statements.run(PUT_WHILE, [
      ...parametersOf(ONE_TIME_TOKEN_COLUMNS, rowOfOneTimeToken(token)),
      this.#tenantId,
      token.userId,
      basis.tokenEpoch,
      basis.passwordHash,
    ]);
    return put.length > 0;
  }

  async spend(hash: Uint8Array, now: Date): Promise<boolean> {
    const spent = await this.#statements.run(SPEND, [this.#tenantId, hash, now]);
    return spent.length > 0;
  }

  async revoke(userId: UserId, purposes: readonly TokenPurpose[]): Promise<void> {
    await this.#statements.run(REVOKE, [this.#tenantId, userId, purposes]);
  }
}
