import type {
  RefreshTokenStore,
  Rotation,
  RotationRequest,
} from '../../../application/ports/stores/refresh-token-store.ts';
import { isLiveAt, nextIdleLimit, type SessionRow } from '../rows/session-row.ts';
import type { UserRow } from '../rows/user-row.ts';
import type { Statement, Statements } from '../statements.ts';
import { QUERY_TIMEOUT_MS } from '../connection-options.ts';
import type { Clock } from '../../../application/ports/system/clock.ts';
import { addSeconds } from '../../../domain/shared/time.ts';

interface RotationRow
  extends
    Pick<
      SessionRow,
      'tenant_uuid' | 'user_uuid' | 'idle_expires_at' | 'expires_at' | 'amr' | 'auth_time' | 'legacy_sid'
    >,
    Pick<UserRow, 'role' | 'token_epoch'> {
  readonly session_uuid: string;
  readonly outcome: Rotation['kind'];
}

/**
 * Parameters: the presented hash, the successor's, now, the retry seconds, and when nobody waits for the answer any more. A server that
 * was frozen comes to it after that: then the token is left as it is, or the honest retry would look like a replay.
 *
 * All parts see the database as it was when the statement began. Of many at once, `rotated` lets one through: the others wait for
 * its row, find the token rotated, and tell by `presented`, where it is not yet, that they were only moments late. `touched` alone
 * sees the session as it is by then, since it locks it: it finds none that was ended meanwhile, and keeps limits that were shortened.
 */
const ROTATE: Statement<RotationRow> = {
  text: `WITH presented AS (
      SELECT token.token_hash, token.rotated_at, token.session_uuid,
        session.tenant_uuid, session.user_uuid, session.idle_expires_at, session.expires_at, session.amr, session.auth_time,
        session.legacy_sid,
        ${nextIdleLimit('$3', 'session')} AS next_idle_expires_at,
        account.role, account.token_epoch, account.is_active AND ${isLiveAt('$3', 'session')}
          AND (NOT tenant.mfa_required OR 'mfa' = ANY (session.amr)) AS counts
      FROM refresh_tokens AS token
      JOIN sessions AS session ON session.uuid = token.session_uuid
      JOIN users AS account ON account.uuid = session.user_uuid
      JOIN tenants AS tenant ON tenant.uuid = session.tenant_uuid
      WHERE token.token_hash = $1::bytea
    ), rotated AS (
      UPDATE refresh_tokens SET rotated_at = $3::timestamptz
      FROM presented
      WHERE refresh_tokens.token_hash = presented.token_hash AND refresh_tokens.rotated_at IS NULL AND presented.counts
        AND ($5::timestamptz IS NULL OR clock_timestamp() < $5::timestamptz)
      RETURNING refresh_tokens.session_uuid
    ), successor AS (
      INSERT INTO refresh_tokens (token_hash, session_uuid, issued_at)
      SELECT $2::bytea, session_uuid, $3::timestamptz FROM rotated
      ON CONFLICT (token_hash) DO NOTHING
    ), touched AS (
      UPDATE sessions SET last_used_at = $3::timestamptz, idle_expires_at = ${nextIdleLimit('$3', 'sessions')}
      FROM rotated
      WHERE sessions.uuid = rotated.session_uuid AND ${isLiveAt('$3')}
      RETURNING sessions.uuid, sessions.idle_expires_at, sessions.expires_at
    )
    SELECT presented.session_uuid, tenant_uuid, user_uuid, amr, auth_time, legacy_sid, role, token_epoch,
      coalesce(touched.expires_at, presented.expires_at) AS expires_at,
      CASE
        WHEN touched.uuid IS NOT NULL THEN touched.idle_expires_at
        WHEN rotated_at IS NULL THEN next_idle_expires_at
        ELSE presented.idle_expires_at
      END AS idle_expires_at,
      CASE
        WHEN NOT counts THEN 'invalid'
        WHEN touched.uuid IS NOT NULL THEN 'rotated'
        WHEN rotated.session_uuid IS NOT NULL THEN 'invalid'
        WHEN rotated_at IS NULL THEN 'retried'
        WHEN $3::timestamptz <= rotated_at + make_interval(secs => $4::double precision) THEN 'retried'
        ELSE 'reused'
      END AS outcome
    FROM presented LEFT JOIN rotated ON true LEFT JOIN touched ON true`,
};

/** The refresh tokens of all tenants, in PostgreSQL. */
export class PostgresRefreshTokenStore implements RefreshTokenStore {
  readonly #statements: Statements;
  readonly #clock: Clock | null;

  /** @param clock agrees with the database's; without one, a statement is never too late */
  constructor(statements: Statements, clock: Clock | null = null) {
    this.#statements = statements;
    this.#clock = clock;
  }

  async rotate({ presentedHash, successorHash, now, retrySeconds }: RotationRequest): Promise<Rotation> {
    const deadline = this.#clock && addSeconds(this.#clock.now(), QUERY_TIMEOUT_MS / 1000);
    const parameters = [presentedHash, successorHash, now, retrySeconds, deadline];
    const [row] = await this.#statements.run(ROTATE, parameters);
    return row ? rotationOf(row) : { kind: 'invalid' };
  }
}

function rotationOf(row: RotationRow): Rotation {
  const owner = { tenantId: row.tenant_uuid, userId: row.user_uuid, sessionId: row.session_uuid };
  switch (row.outcome) {
    case 'invalid':
      return { kind: 'invalid' };
    case 'reused':
      return { kind: 'reused', ...owner };
    case 'rotated':
    case 'retried': {
      const claims = {
        ...owner,
        role: row.role,
        epoch: row.token_epoch,
        amr: row.amr,
        authTime: row.auth_time,
      };
      const session = {
        idleExpiresAt: row.idle_expires_at,
        expiresAt: row.expires_at,
        legacySid: row.legacy_sid,
      };
      return { kind: row.outcome, claims, session };
    }
  }
}
