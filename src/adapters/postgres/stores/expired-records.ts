import type { ExpiredKind, ExpiredRecords } from '../../../application/ports/stores/expired-records.ts';
import type { Statement, Statements } from '../statements.ts';

interface Removed {
  readonly removed: number;
}

/** Refresh tokens of dead sessions that go at once: a session may have thousands. */
const TOKENS_AT_ONCE = 5_000;

/** Removes the rows that `overdue` finds, and counts them. */
const removal = (table: string, overdue: string): Statement<Removed> => ({
  text: `WITH removed AS (
      DELETE FROM ${table} WHERE ctid = ANY (ARRAY(${overdue})) RETURNING 1
    )
    SELECT count(*)::integer AS removed FROM removed`,
});

/**
 * Removes `$2` rows at most whose column says a time before `$1`, by an index on that column, oldest first. Rows that somebody holds are
 * left to him.
 *
 * @param condition what else has to hold; the column's index is on such rows only, where it is partial
 */
const removalBy = (table: string, column: string, condition = 'true'): Statement<Removed> =>
  removal(
    table,
    `SELECT ctid FROM ${table} WHERE ${column} < $1::timestamptz AND ${condition}
      ORDER BY ${column} LIMIT $2::integer FOR UPDATE SKIP LOCKED`,
  );

/** The same for sessions, whose tokens go before them: all at once with a cascade, they might take longer than a statement may. */
const sessionRemovalBy = (column: string, condition: string) => ({
  tokens: removal(
    'refresh_tokens',
    `SELECT token.ctid FROM (
        SELECT uuid FROM sessions WHERE ${column} < $1::timestamptz AND ${condition} ORDER BY ${column} LIMIT $2::integer
      ) AS dead JOIN refresh_tokens AS token ON token.session_uuid = dead.uuid
      LIMIT ${String(TOKENS_AT_ONCE)} FOR UPDATE OF token SKIP LOCKED`,
  ),
  sessions: removalBy('sessions', column, condition),
});

const ENDED = sessionRemovalBy('ended_at', 'ended_at IS NOT NULL');
const EXPIRED = sessionRemovalBy('expires_at', 'ended_at IS NULL');

const REMOVALS: Readonly<Record<Exclude<ExpiredKind, 'sessions'>, Statement<Removed>>> = {
  oneTimeTokens: removalBy('one_time_tokens', 'expires_at'),
  signInChallenges: removalBy('sign_in_challenges', 'expires_at'),
  passkeyChallenges: removalBy('passkey_challenges', 'expires_at'),
  failureCounters: removalBy('failure_counters', 'last_failed_at'),
  outboxEntries: removalBy('outbox', 'settled_at', 'settled_at IS NOT NULL AND created_at < $1::timestamptz'),
  idempotencyKeys: removalBy('idempotency_keys', 'expires_at'),
  caseReceipts: removalBy('case_receipts', 'expires_at'),
  legacyTickets: removalBy('legacy_tickets', 'expires_at'),
};

/** Records of all tenants that are of no use any more, in PostgreSQL. */
export class PostgresExpiredRecords implements ExpiredRecords {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async remove(kind: ExpiredKind, before: Date, limit: number): Promise<number> {
    if (kind !== 'sessions') return this.#run(REMOVALS[kind], before, limit);
    const ended = await this.#removeSessions(ENDED, before, limit);
    return ended === limit ? ended : ended + (await this.#removeSessions(EXPIRED, before, limit - ended));
  }

  async #removeSessions(
    { sessions, tokens }: ReturnType<typeof sessionRemovalBy>,
    before: Date,
    limit: number,
  ): Promise<number> {
    while ((await this.#run(tokens, before, limit)) === TOKENS_AT_ONCE);
    return this.#run(sessions, before, limit);
  }

  async #run(statement: Statement<Removed>, before: Date, limit: number): Promise<number> {
    const [row] = await this.#statements.run(statement, [before, limit]);
    return row?.removed ?? 0;
  }
}
