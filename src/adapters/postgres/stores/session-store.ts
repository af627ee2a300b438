import type { SessionStore } from '../../../application/ports/stores/session-store.ts';
import type {
  AuthenticationMethod,
  Session,
  SessionEnd,
  SessionLifetime,
  SignInBasis,
} from '../../../domain/access/session.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { SessionId, TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { type Page, type PageRequest, pageOf } from '../../../domain/shared/page.ts';
import { accountStands } from '../account-stands.ts';
import { notifySessionEnded } from '../channels.ts';
import { columnList, insertAll, parametersOf } from '../columns.ts';
import { afterPosition, NEWEST_FIRST, positionOf } from '../keyset.ts';
import { AUDIT_COLUMNS, rowOfAudit } from '../rows/audit-row.ts';
import { REFRESH_TOKEN_COLUMNS } from '../rows/refresh-token-row.ts';
import {
  isLiveAt,
  joinedMethods,
  rowOfSession,
  SESSION_COLUMNS,
  type SessionRow,
  sessionOfRow,
} from '../rows/session-row.ts';
import type { Statement, Statements } from '../statements.ts';

const ADD: Statement<object> = {
  text: insertAll(
    [
      ['sessions', SESSION_COLUMNS],
      ['refresh_tokens', REFRESH_TOKEN_COLUMNS],
      ['audit_entries', AUDIT_COLUMNS],
    ],
    accountStands,
  ),
};

const FIND: Statement<SessionRow> = {
  text: `SELECT ${columnList(SESSION_COLUMNS)} FROM sessions WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid`,
};

const OF_USER = `tenant_uuid = $1::uuid AND user_uuid = $2::uuid AND ${isLiveAt('$3')}`;

const LIST_LIVE: Statement<SessionRow> = {
  text: `SELECT ${columnList(SESSION_COLUMNS)} FROM sessions WHERE ${OF_USER} AND ${afterPosition(4)}
    ${NEWEST_FIRST} LIMIT $6::integer`,
};

const END: Statement<unknown> = {
  text: `WITH ended AS (
      UPDATE sessions SET ended_at = $3::timestamptz, end_reason = $4::text
      WHERE ${OF_USER} AND uuid = $5::uuid RETURNING uuid
    )
    SELECT ${notifySessionEnded('uuid')} FROM ended`,
};

// Held in one order first, so that two who end the same sessions wait for each other instead of locking up.
const END_ALL: Statement<unknown> = {
  text: `WITH held AS (
      SELECT uuid FROM sessions WHERE ${OF_USER} AND uuid IS DISTINCT FROM $5::uuid
      ORDER BY uuid FOR NO KEY UPDATE
    ), ended AS (
      UPDATE sessions SET ended_at = $3::timestamptz, end_reason = $4::text
      FROM held WHERE sessions.uuid = held.uuid RETURNING sessions.uuid
    )
    SELECT ${notifySessionEnded('uuid')} FROM ended`,
};

const ELEVATE: Statement<Pick<SessionRow, 'amr'>> = {
  text: `UPDATE sessions SET amr = ${joinedMethods('amr', '$5')}, auth_time = $3::timestamptz
    WHERE ${OF_USER} AND uuid = $4::uuid RETURNING amr`,
};

const LIMIT_ALL: Statement<never> = {
  text: `UPDATE sessions SET
      expires_at = least(expires_at, $3::timestamptz + make_interval(secs => $5::integer)),
      idle_expires_at = least(idle_expires_at, $3::timestamptz + make_interval(secs => least($4::integer, $5::integer))),
      idle_seconds = least(idle_seconds, $4::integer)
    WHERE ${OF_USER}`,
};

/** The sessions of one tenant, in PostgreSQL. */
export class PostgresSessionStore implements SessionStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;

  constructor(statements: Statements, tenantId: TenantId) {
    this.#statements = statements;
    this.#tenantId = tenantId;
  }

  async add(
    session: Session,
    refreshTokenHash: Uint8Array,
    audit: AuditEntry,
    basis: SignInBasis,
  ): Promise<boolean> {
    assertOwnTenant(this.#tenantId, session);
    assertOwnTenant(this.#tenantId, audit);
    const token = { token_hash: refreshTokenHash, session_uuid: session.id, issued_at: session.createdAt };
    const added = await this.#statements.run(ADD, [
      ...parametersOf(SESSION_COLUMNS, rowOfSession(session)),
      ...parametersOf(REFRESH_TOKEN_COLUMNS, token),
      ...parametersOf(AUDIT_COLUMNS, rowOfAudit(audit)),
      this.#tenantId,
      session.userId,
      basis.tokenEpoch,
      basis.passwordHash,
    ]);
    return added.length > 0;
  }

  async find(id: SessionId): Promise<Session | null> {
    const [row] = await this.#statements.run(FIND, [this.#tenantId, id]);
    return row ? sessionOfRow(row) : null;
  }

  async listLive(userId: UserId, now: Date, request: PageRequest): Promise<Page<Session>> {
    const parameters = [this.#tenantId, userId, now, ...positionOf(request), request.limit + 1];
    const rows = await this.#statements.run(LIST_LIVE, parameters);
    return pageOf(rows.map(sessionOfRow), request.limit);
  }

  async end(userId: UserId, id: SessionId, reason: SessionEnd, now: Date): Promise<boolean> {
    const ended = await this.#statements.run(END, [this.#tenantId, userId, now, reason, id]);
    return ended.length > 0;
  }

  async endAll(userId: UserId, reason: SessionEnd, now: Date, keep: SessionId | null): Promise<number> {
    const ended = await this.#statements.run(END_ALL, [this.#tenantId, userId, now, reason, keep]);
    return ended.length;
  }

  async elevate(
    userId: UserId,
    id: SessionId,
    added: readonly AuthenticationMethod[],
    now: Date,
  ): Promise<readonly AuthenticationMethod[] | null> {
    const [row] = await this.#statements.run(ELEVATE, [this.#tenantId, userId, now, id, added]);
    return row?.amr ?? null;
  }

  async limitAll(userId: UserId, lifetime: SessionLifetime, now: Date): Promise<void> {
    const { idleSeconds, maxSeconds } = lifetime;
    await this.#statements.run(LIMIT_ALL, [this.#tenantId, userId, now, idleSeconds, maxSeconds]);
  }
}
