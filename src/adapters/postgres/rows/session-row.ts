import {
  AUTHENTICATION_METHODS,
  type AuthenticationMethod,
  type Session,
  type SessionEnd,
} from '../../../domain/access/session.ts';
import { type Columns, literals } from '../columns.ts';

/** A row of `sessions`. */
export interface SessionRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly user_uuid: string;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly idle_expires_at: Date;
  readonly idle_seconds: number;
  readonly expires_at: Date;
  readonly ended_at: Date | null;
  readonly end_reason: SessionEnd | null;
  readonly amr: readonly AuthenticationMethod[];
  readonly auth_time: Date;
  readonly user_agent: string | null;
  readonly address: string | null;
  readonly legacy_sid: string | null;
}

/** The columns of {@link SessionRow}. */
export const SESSION_COLUMNS: Columns<SessionRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  user_uuid: 'uuid',
  created_at: 'timestamptz',
  last_used_at: 'timestamptz',
  idle_expires_at: 'timestamptz',
  idle_seconds: 'integer',
  expires_at: 'timestamptz',
  ended_at: 'timestamptz',
  end_reason: 'text',
  amr: 'text[]',
  auth_time: 'timestamptz',
  user_agent: 'text',
  address: 'text',
  legacy_sid: 'text',
};

/** Whether a session is live at the time that `now` names (a parameter): `isLive` in SQL. */
export const isLiveAt = (now: string, alias = 'sessions'): string =>
  `${alias}.ended_at IS NULL AND ${now}::timestamptz < ${alias}.idle_expires_at AND ${now}::timestamptz < ${alias}.expires_at`;

/** The idle limit after a refresh at the time that `now` names (a parameter): `touchSession` in SQL. */
export const nextIdleLimit = (now: string, alias: string): string =>
  `least(${now}::timestamptz + make_interval(secs => ${alias}.idle_seconds), ${alias}.expires_at)`;

const METHODS = literals(AUTHENTICATION_METHODS);

/** The methods of a session and further ones together: `joinMethods` in SQL. */
export function joinedMethods(before: string, added: string): string {
  const all = `(${before} || ${added}::text[])`;
  return `ARRAY(SELECT method FROM unnest(ARRAY[${METHODS}]) WITH ORDINALITY AS known (method, place)
        WHERE method = ANY ${all}
          OR (method = 'mfa' AND ${all} && ARRAY['pwd', 'legacy_session'] AND ${all} && ARRAY['otp', 'hwk', 'swk'])
        ORDER BY place)`;
}

/** The row of a session. */
export const rowOfSession = (session: Session): SessionRow => ({
  uuid: session.id,
  tenant_uuid: session.tenantId,
  user_uuid: session.userId,
  created_at: session.createdAt,
  last_used_at: session.lastUsedAt,
  idle_expires_at: session.idleExpiresAt,
  idle_seconds: session.idleSeconds,
  expires_at: session.expiresAt,
  ended_at: session.endedAt,
  end_reason: session.endReason,
  amr: session.amr,
  auth_time: session.authTime,
  user_agent: session.client.userAgent,
  address: session.client.address,
  legacy_sid: session.legacySid,
});

/** The session of a row. */
export const sessionOfRow = (row: SessionRow): Session => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  userId: row.user_uuid,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  idleExpiresAt: row.idle_expires_at,
  idleSeconds: row.idle_seconds,
  expiresAt: row.expires_at,
  endedAt: row.ended_at,
  endReason: row.end_reason,
  amr: row.amr,
  authTime: row.auth_time,
  client: { userAgent: row.user_agent, address: row.address },
  legacySid: row.legacy_sid,
});
