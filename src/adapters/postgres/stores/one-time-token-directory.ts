import type { OneTimeTokenDirectory } from '../../../application/ports/stores/one-time-token-store.ts';
import type { OneTimeToken } from '../../../domain/access/one-time-token.ts';
import { columnList } from '../columns.ts';
import {
  ONE_TIME_TOKEN_COLUMNS,
  type OneTimeTokenRow,
  oneTimeTokenOfRow,
} from '../rows/one-time-token-row.ts';
import type { Statement, Statements } from '../statements.ts';

const FIND: Statement<OneTimeTokenRow> = {
  text: `SELECT ${columnList(ONE_TIME_TOKEN_COLUMNS)} FROM one_time_tokens
    WHERE token_hash = $1::bytea AND $2::timestamptz < expires_at`,
};

/** The one-time tokens of all tenants, in PostgreSQL. */
export class PostgresOneTimeTokenDirectory implements OneTimeTokenDirectory {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async find(hash: Uint8Array, now: Date): Promise<OneTimeToken | null> {
    const [row] = await this.#statements.run(FIND, [hash, now]);
    return row ? oneTimeTokenOfRow(row) : null;
  }
}
