import type { SealedText } from '../../../application/ports/security/text-cipher.ts';
import type {
  SecondFactorStore,
  TotpSecrets,
} from '../../../application/ports/stores/second-factor-store.ts';
import { PasskeyLimit } from '../../../domain/access/errors.ts';
import { type FactorSummary, NO_FACTORS, type Passkey } from '../../../domain/access/second-factor.ts';
import type { PasskeyId, TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import { factorsOfRow, type FactorsRow, SELECT_FACTORS } from '../rows/factors-row.ts';
import { PASSKEY_COLUMNS, type PasskeyRow, passkeyOfRow, rowOfPasskey } from '../rows/passkey-row.ts';
import { TOTP_COLUMNS, type TotpRow, totpSecretsOfRow } from '../rows/totp-row.ts';
import type { Statement, Statements } from '../statements.ts';

interface OwnerRow {
  readonly user_uuid: string;
}

const OF_USER = 'tenant_uuid = $1::uuid AND user_uuid = $2::uuid';

const SUMMARY: Statement<FactorsRow> = {
  text: `SELECT ${SELECT_FACTORS} FROM users WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid`,
};

const FIND_TOTP: Statement<TotpRow> = {
  text: `SELECT ${columnList(TOTP_COLUMNS)} FROM totp_factors WHERE ${OF_USER}`,
};

// The tenant is set as well, so that the foreign key refuses a secret for an account of another one.
const PUT_PENDING_TOTP: Statement<never> = {
  text: `INSERT INTO totp_factors (tenant_uuid, user_uuid, pending_secret, pending_key_uuid, pending_since)
    VALUES ($1::uuid, $2::uuid, $3::bytea, $4::uuid, $5::timestamptz)
    ON CONFLICT (user_uuid) DO UPDATE SET tenant_uuid = excluded.tenant_uuid, pending_secret = excluded.pending_secret,
      pending_key_uuid = excluded.pending_key_uuid, pending_since = excluded.pending_since`,
};

const CONFIRM_TOTP: Statement<OwnerRow> = {
  text: `UPDATE totp_factors SET secret = pending_secret, key_uuid = pending_key_uuid, last_step = $5::bigint,
      confirmed_at = $6::timestamptz, pending_secret = NULL, pending_key_uuid = NULL, pending_since = NULL
    WHERE ${OF_USER} AND pending_secret = $3::bytea AND pending_key_uuid = $4::uuid RETURNING user_uuid`,
};

const USE_TOTP_STEP: Statement<OwnerRow> = {
  text: `UPDATE totp_factors SET last_step = $3::bigint
    WHERE ${OF_USER} AND secret IS NOT NULL AND last_step < $3::bigint RETURNING user_uuid`,
};

const REMOVE_TOTP: Statement<OwnerRow> = {
  text: `DELETE FROM totp_factors WHERE ${OF_USER} AND secret IS NOT NULL RETURNING user_uuid`,
};

// As above.
const REPLACE_RECOVERY_CODES: Statement<never> = {
  text: `INSERT INTO recovery_codes (tenant_uuid, user_uuid, code_hashes) VALUES ($1::uuid, $2::uuid, $3::bytea[])
    ON CONFLICT (user_uuid) DO UPDATE SET tenant_uuid = excluded.tenant_uuid, code_hashes = excluded.code_hashes`,
};

const USE_RECOVERY_CODE: Statement<OwnerRow> = {
  text: `UPDATE recovery_codes SET code_hashes = array_remove(code_hashes, $3::bytea)
    WHERE ${OF_USER} AND $3::bytea = ANY (code_hashes) RETURNING user_uuid`,
};

const LIST_PASSKEYS: Statement<PasskeyRow> = {
  text: `SELECT ${columnList(PASSKEY_COLUMNS)} FROM passkeys WHERE ${OF_USER} ORDER BY created_at, uuid`,
};

const ADD_PASSKEY: Statement<never> = {
  text: insertInto('passkeys', PASSKEY_COLUMNS),
  refusals: { passkeys_credential_key: () => new PasskeyLimit() },
};

const USE_PASSKEY: Statement<OwnerRow> = {
  text: `UPDATE passkeys SET counter = $3::bigint, last_used_at = $4::timestamptz
    WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND ($3::bigint > counter OR ($3::bigint = 0 AND counter = 0))
    RETURNING user_uuid`,
};

const REMOVE_PASSKEY: Statement<OwnerRow> = {
  text: `DELETE FROM passkeys WHERE ${OF_USER} AND uuid = $3::uuid RETURNING user_uuid`,
};

const REMOVE_ALL: Statement<never> = {
  text: `WITH totp AS (DELETE FROM totp_factors WHERE ${OF_USER}), codes AS (DELETE FROM recovery_codes WHERE ${OF_USER})
    DELETE FROM passkeys WHERE ${OF_USER}`,
};

/** The second factors of one tenant's accounts, in PostgreSQL. */
export class PostgresSecondFactorStore implements SecondFactorStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;

  constructor(statements: Statements, tenantId: TenantId) {
    this.#statements = statements;
    this.#tenantId = tenantId;
  }

  async summary(userId: UserId): Promise<FactorSummary> {
    const [row] = await this.#statements.run(SUMMARY, [this.#tenantId, userId]);
    return row ? factorsOfRow(row) : NO_FACTORS;
  }

  async findTotp(userId: UserId): Promise<TotpSecrets | null> {
    const [row] = await this.#statements.run(FIND_TOTP, [this.#tenantId, userId]);
    return row ? totpSecretsOfRow(row) : null;
  }

  async putPendingTotp(userId: UserId, secret: SealedText, now: Date): Promise<void> {
    const parameters = [this.#tenantId, userId, secret.bytes, secret.keyId, now];
    await this.#statements.run(PUT_PENDING_TOTP, parameters);
  }

  async confirmTotp(userId: UserId, pending: SealedText, step: number, now: Date): Promise<boolean> {
    const parameters = [this.#tenantId, userId, pending.bytes, pending.keyId, step, now];
    const confirmed = await this.#statements.run(CONFIRM_TOTP, parameters);
    return confirmed.length > 0;
  }

  async useTotpStep(userId: UserId, step: number): Promise<boolean> {
    const used = await this.#statements.run(USE_TOTP_STEP, [this.#tenantId, userId, step]);
    return used.length > 0;
  }

  async removeTotp(userId: UserId): Promise<boolean> {
    const removed = await this.#statements.run(REMOVE_TOTP, [this.#tenantId, userId]);
    return removed.length > 0;
  }

  async replaceRecoveryCodes(userId: UserId, hashes: readonly Uint8Array[]): Promise<void> {
    await this.#statements.run(REPLACE_RECOVERY_CODES, [this.#tenantId, userId, hashes]);
  }

  async useRecoveryCode(userId: UserId, hash: Uint8Array): Promise<boolean> {
    const used = await this.#statements.run(USE_RECOVERY_CODE, [this.#tenantId, userId, hash]);
    return used.length > 0;
  }

  async listPasskeys(userId: UserId): Promise<readonly Passkey[]> {
    const rows = await this.#statements.run(LIST_PASSKEYS, [this.#tenantId, userId]);
    return rows.map(passkeyOfRow);
  }

  async addPasskey(passkey: Passkey): Promise<void> {
    assertOwnTenant(this.#tenantId, passkey);
    await this.#statements.run(ADD_PASSKEY, parametersOf(PASSKEY_COLUMNS, rowOfPasskey(passkey)));
  }

  async usePasskey(id: PasskeyId, counter: number, now: Date): Promise<boolean> {
    const used = await this.#statements.run(USE_PASSKEY, [this.#tenantId, id, counter, now]);
    return used.length > 0;
  }

  async removePasskey(userId: UserId, id: PasskeyId): Promise<boolean> {
    const removed = await this.#statements.run(REMOVE_PASSKEY, [this.#tenantId, userId, id]);
    return removed.length > 0;
  }

  async removeAll(userId: UserId): Promise<void> {
    await this.#statements.run(REMOVE_ALL, [this.#tenantId, userId]);
  }
}
