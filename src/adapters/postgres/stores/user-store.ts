import type { UserStore } from '../../../application/ports/stores/user-store.ts';
import { EmailTaken, UserConflict } from '../../../domain/identity/errors.ts';
import type { User } from '../../../domain/identity/user.ts';
import type { TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { type Page, type PageRequest, pageOf } from '../../../domain/shared/page.ts';
import { notifyEpochGrown } from '../channels.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import { afterPosition, NEWEST_FIRST, positionOf } from '../keyset.ts';
import { rowOfUser, USER_COLUMNS, type UserRow, userOfRow } from '../rows/user-row.ts';
import type { Statement, Statements } from '../statements.ts';

const REFUSALS = { users_tenant_email_key: () => new EmailTaken() };

const FIND: Statement<UserRow> = {
  text: `SELECT ${columnList(USER_COLUMNS)} FROM users WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid`,
};

const LOCK: Statement<UserRow> = { text: `${FIND.text} FOR SHARE` };

const LIST: Statement<UserRow> = {
  text: `SELECT ${columnList(USER_COLUMNS)} FROM users WHERE tenant_uuid = $1::uuid AND ${afterPosition(2)}
    ${NEWEST_FIRST} LIMIT $4::integer`,
};

// As strong as the change of an account that follows, and no stronger: foreign keys that point to it are not held up.
const HOLD_ACTIVE_ADMINS: Statement<Pick<UserRow, 'uuid'>> = {
  text: `SELECT uuid FROM users WHERE tenant_uuid = $1::uuid AND role = 'admin' AND is_active
    ORDER BY uuid FOR NO KEY UPDATE`,
};

const LIST_ACTIVE_ADMINS: Statement<UserRow> = {
  text: `SELECT ${columnList(USER_COLUMNS)} FROM users WHERE tenant_uuid = $1::uuid AND role = 'admin' AND is_active
    ORDER BY uuid`,
};

const ADD: Statement<never> = { text: insertInto('users', USER_COLUMNS), refusals: REFUSALS };

const SAVE: Statement<{ readonly uuid: string }> = {
  text: `WITH saved AS (
      UPDATE users SET email = $3::text, password_hash = $4::text, role = $5::text, is_active = $6::boolean,
        email_verified_at = $7::timestamptz, language = $8::text, token_epoch = $9::integer,
        epoch_changed_at = CASE WHEN $9::integer > token_epoch THEN $10::timestamptz ELSE epoch_changed_at END,
        updated_at = $10::timestamptz, version = $11::integer, registration_pending = $12::boolean
      WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND version = $11::integer - 1
      RETURNING uuid, token_epoch, epoch_changed_at = updated_at AS epoch_grown
    )
    SELECT uuid, CASE WHEN epoch_grown THEN ${notifyEpochGrown('uuid', 'token_epoch')} END FROM saved`,
  refusals: REFUSALS,
};

/** The accounts of one tenant, in PostgreSQL. */
export class PostgresUserStore implements UserStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;

  constructor(statements: Statements, tenantId: TenantId) {
    this.#statements = statements;
    this.#tenantId = tenantId;
  }

  async find(id: UserId): Promise<User | null> {
    const [row] = await this.#statements.run(FIND, [this.#tenantId, id]);
    return row ? userOfRow(row) : null;
  }

  async lock(id: UserId): Promise<User | null> {
    const [row] = await this.#statements.run(LOCK, [this.#tenantId, id]);
    return row ? userOfRow(row) : null;
  }

  async list(request: PageRequest): Promise<Page<User>> {
    const parameters = [this.#tenantId, ...positionOf(request), request.limit + 1];
    const rows = await this.#statements.run(LIST, parameters);
    return pageOf(rows.map(userOfRow), request.limit);
  }

  async listActiveAdminsForUpdate(): Promise<readonly UserId[]> {
    const rows = await this.#statements.run(HOLD_ACTIVE_ADMINS, [this.#tenantId]);
    return rows.map((row) => row.uuid);
  }

  async listActiveAdmins(): Promise<readonly User[]> {
    const rows = await this.#statements.run(LIST_ACTIVE_ADMINS, [this.#tenantId]);
    return rows.map(userOfRow);
  }

  async add(user: User): Promise<void> {
    assertOwnTenant(this.#tenantId, user);
    await this.#statements.run(ADD, parametersOf(USER_COLUMNS, rowOfUser(user)));
  }

  async save(user: User): Promise<void> {
    assertOwnTenant(this.#tenantId, user);
    const saved = await this.#statements.run(SAVE, [
      this.#tenantId,
      user.id,
      user.email,
      user.passwordHash,
      user.role,
      user.isActive,
      user.emailVerifiedAt,
      user.language,
      user.tokenEpoch,
      user.updatedAt,
      user.version,
      user.registrationPending,
    ]);
    if (saved.length === 0) throw new UserConflict();
  }
}
