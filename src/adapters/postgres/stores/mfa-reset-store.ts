import type { SealedText } from '../../../application/ports/security/text-cipher.ts';
import type { MfaResetStore } from '../../../application/ports/stores/mfa-reset-store.ts';
import { MfaResetPending } from '../../../domain/access/errors.ts';
import type { MfaReset } from '../../../domain/access/mfa-reset.ts';
import type { MfaResetId, TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import { MFA_RESET_COLUMNS, type MfaResetRow, mfaResetOfRow, rowOfMfaReset } from '../rows/mfa-reset-row.ts';
import type { Statement, Statements } from '../statements.ts';

const ADDED_COLUMNS = { ...MFA_RESET_COLUMNS, reason: 'bytea', key_uuid: 'uuid' };

const WAITING = 'cancelled_at IS NULL AND completed_at IS NULL';

const ADD: Statement<never> = {
  text: insertInto('mfa_resets', ADDED_COLUMNS),
  refusals: { mfa_resets_waiting_key: () => new MfaResetPending() },
};

const CANCEL: Statement<Pick<MfaResetRow, 'uuid'>> = {
  text: `UPDATE mfa_resets SET cancelled_at = $3::timestamptz
    WHERE tenant_uuid = $1::uuid AND user_uuid = $2::uuid AND ${WAITING} RETURNING uuid`,
};

const LIST_DUE: Statement<MfaResetRow> = {
  text: `SELECT ${columnList(MFA_RESET_COLUMNS)} FROM mfa_resets
    WHERE tenant_uuid = $1::uuid AND due_at <= $2::timestamptz AND ${WAITING} ORDER BY due_at, uuid`,
};

const COMPLETE: Statement<Pick<MfaResetRow, 'uuid'>> = {
  text: `UPDATE mfa_resets SET completed_at = $3::timestamptz
    WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND ${WAITING} RETURNING uuid`,
};

/** Resets of second factors in one tenant, in PostgreSQL. */
export class PostgresMfaResetStore implements MfaResetStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;

  constructor(statements: Statements, tenantId: TenantId) {
    this.#statements = statements;
    this.#tenantId = tenantId;
  }

  async add(reset: MfaReset, reason: SealedText): Promise<void> {
    assertOwnTenant(this.#tenantId, reset);
    const row = { ...rowOfMfaReset(reset), reason: reason.bytes, key_uuid: reason.keyId };
    await this.#statements.run(ADD, parametersOf(ADDED_COLUMNS, row));
  }

  async cancel(userId: UserId, now: Date): Promise<boolean> {
    const cancelled = await this.#statements.run(CANCEL, [this.#tenantId, userId, now]);
    return cancelled.length > 0;
  }

  async listDue(now: Date): Promise<readonly MfaReset[]> {
    const rows = await this.#statements.run(LIST_DUE, [this.#tenantId, now]);
    return rows.map(mfaResetOfRow);
  }

  async complete(id: MfaResetId, now: Date): Promise<boolean> {
    const completed = await this.#statements.run(COMPLETE, [this.#tenantId, id, now]);
    return completed.length > 0;
  }
}
