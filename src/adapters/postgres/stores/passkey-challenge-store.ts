import type {
  PasskeyChallenge,
  PasskeyChallengeStore,
} from '../../../application/ports/stores/passkey-challenge-store.ts';
import { columnList, parametersOf } from '../columns.ts';
import { insertAndPurge } from '../insert-and-purge.ts';
import {
  PASSKEY_CHALLENGE_COLUMNS,
  type PasskeyChallengeRow,
  passkeyChallengeOfRow,
  rowOfPasskeyChallenge,
} from '../rows/passkey-challenge-row.ts';
import type { Statement, Statements } from '../statements.ts';

const ADD: Statement<never> = {
  text: insertAndPurge('passkey_challenges', PASSKEY_CHALLENGE_COLUMNS, 'challenge_hash'),
};

const SPEND: Statement<PasskeyChallengeRow> = {
  text: `DELETE FROM passkey_challenges WHERE challenge_hash = $1::bytea AND $2::timestamptz < expires_at
    RETURNING ${columnList(PASSKEY_CHALLENGE_COLUMNS)}`,
};

/** The challenges that browsers were given, in PostgreSQL. */
export class PostgresPasskeyChallengeStore implements PasskeyChallengeStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async add(challenge: PasskeyChallenge): Promise<void> {
    const row = rowOfPasskeyChallenge(challenge);
    await this.#statements.run(ADD, parametersOf(PASSKEY_CHALLENGE_COLUMNS, row));
  }

  async spend(hash: Uint8Array, now: Date): Promise<PasskeyChallenge | null> {
    const [row] = await this.#statements.run(SPEND, [hash, now]);
    return row ? passkeyChallengeOfRow(row) : null;
  }
}
