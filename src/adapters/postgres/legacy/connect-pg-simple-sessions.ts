import type { LegacySessions } from '../../../application/ports/legacy/legacy-sessions.ts';
import type { JsonPointer } from '../../../domain/shared/json-pointer.ts';
import { type LegacySession, readExpressSession } from '../../../domain/legacy/legacy-session.ts';
import type { Statement, Statements } from '../statements.ts';

/** How the sessions of an installation are to be read. */
export interface ConnectPgSimpleOptions {
  /** IANA name of the zone in which the legacy service's database connections write times that name none. */
  readonly timeZone: string;
  /** To the subject within the session's data. */
  readonly subject: JsonPointer;
}

interface SessionRow {
  readonly json: string;
  readonly expires_at: Date | null;
}

/**
 * `expire` goes through text, so that one statement does whether or not the column knows its zone; `sess` likewise, be it json, jsonb
 * or text. Times without end are none that a session store writes.
 */
const FIND: Statement<SessionRow> = {
  text: `SELECT json, CASE WHEN isfinite(expires_at) THEN expires_at END AS expires_at FROM (
      SELECT sess::text AS json, CASE pg_typeof(expire)
          WHEN 'timestamp'::regtype THEN expire::text::timestamp AT TIME ZONE $2::text
          ELSE expire::text::timestamptz
        END AS expires_at
      FROM nest_sessions WHERE sid = $1::text
    ) AS session`,
};

/** The legacy service's sessions as connect-pg-simple stores them: `nest_sessions (sid, sess, expire)`, in PostgreSQL. */
export class ConnectPgSimpleSessions implements LegacySessions {
  readonly #statements: Statements;
  readonly #options: ConnectPgSimpleOptions;

  constructor(statements: Statements, options: ConnectPgSimpleOptions) {
    this.#statements = statements;
    this.#options = options;
  }

  async find(sid: string, now: Date): Promise<LegacySession | null> {
    const { subject, timeZone } = this.#options;
    const [row] = await this.#statements.run(FIND, [sid, timeZone]);
    return row ? readExpressSession({ json: row.json, expiresAt: row.expires_at }, subject, now) : null;
  }
}
