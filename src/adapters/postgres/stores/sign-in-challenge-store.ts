import type { SignInChallengeStore } from '../../../application/ports/stores/sign-in-challenge-store.ts';
import {
  CHALLENGE_ATTEMPTS,
  type ChallengeReservation,
  type SignInChallenge,
} from '../../../domain/access/sign-in-challenge.ts';
import type { ChallengeId } from '../../../domain/shared/ids.ts';
import { secondsToWait } from '../../../domain/shared/time.ts';
import { columnList, parametersOf } from '../columns.ts';
import { insertAndPurge } from '../insert-and-purge.ts';
import {
  rowOfSignInChallenge,
  SIGN_IN_CHALLENGE_COLUMNS,
  type SignInChallengeRow,
  signInChallengeOfRow,
} from '../rows/sign-in-challenge-row.ts';
import type { Statement, Statements } from '../statements.ts';

const COLUMNS = columnList(SIGN_IN_CHALLENGE_COLUMNS);

/** The challenge, where it waits at the time `$2`. */
const WAITING = 'uuid = $1::uuid AND completed_at IS NULL AND $2::timestamptz < expires_at';

const ADD: Statement<never> = {
  text: insertAndPurge('sign_in_challenges', SIGN_IN_CHALLENGE_COLUMNS, 'uuid'),
};

const FIND: Statement<SignInChallengeRow> = {
  text: `SELECT ${COLUMNS} FROM sign_in_challenges WHERE ${WAITING}`,
};

// Held first, so that each of many sees how many answers were counted before its own, and a spent challenge is told from none.
const RESERVE: Statement<SignInChallengeRow & { readonly reserved: boolean }> = {
  text: `WITH held AS (
      SELECT ${COLUMNS}, attempts FROM sign_in_challenges WHERE ${WAITING} FOR NO KEY UPDATE
    ), reserved AS (
      UPDATE sign_in_challenges SET attempts = held.attempts + 1
      FROM held WHERE sign_in_challenges.uuid = held.uuid AND held.attempts < ${String(CHALLENGE_ATTEMPTS)}
    )
    SELECT ${COLUMNS}, attempts < ${String(CHALLENGE_ATTEMPTS)} AS reserved FROM held`,
};

const GIVE_BACK: Statement<never> = {
  text: 'UPDATE sign_in_challenges SET attempts = greatest(attempts - 1, 0) WHERE uuid = $1::uuid',
};

const COMPLETE: Statement<Pick<SignInChallengeRow, 'uuid'>> = {
  text: `UPDATE sign_in_challenges SET completed_at = $2::timestamptz WHERE ${WAITING} RETURNING uuid`,
};

/** Sign-ins of all tenants that wait for a second factor, in PostgreSQL. */
export class PostgresSignInChallengeStore implements SignInChallengeStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async add(challenge: SignInChallenge): Promise<void> {
    const row = rowOfSignInChallenge(challenge);
    await this.#statements.run(ADD, parametersOf(SIGN_IN_CHALLENGE_COLUMNS, row));
  }

  async find(id: ChallengeId, now: Date): Promise<SignInChallenge | null> {
    const [row] = await this.#statements.run(FIND, [id, now]);
    return row ? signInChallengeOfRow(row) : null;
  }

  async reserve(id: ChallengeId, now: Date): Promise<ChallengeReservation> {
    const [row] = await this.#statements.run(RESERVE, [id, now]);
    if (!row) return { kind: 'unknown' };
    if (row.reserved) return { kind: 'reserved', challenge: signInChallengeOfRow(row) };
    return { kind: 'spent', retryAfterSeconds: secondsToWait(now, row.expires_at) };
  }

  async giveBack(id: ChallengeId): Promise<void> {
    await this.#statements.run(GIVE_BACK, [id]);
  }

  async complete(id: ChallengeId, now: Date): Promise<boolean> {
    const completed = await this.#statements.run(COMPLETE, [id, now]);
    return completed.length > 0;
  }
}
