import type { SignInChallengeStore } from '../../../application/ports/stores/sign-in-challenge-store.ts';
import {
  CHALLENGE_ATTEMPTS,
  type ChallengeReservation,
  type SignInChallenge,
} from '../../../domain/access/sign-in-challenge.ts';
import type { ChallengeId } from '../../../domain/shared/ids.ts';
import { secondsToWait } from '../../../domain/shared/time.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { ReadonlyMemoryTables, SignInChallengeRow } from '../memory-tables.ts';
import { assertOwnUser } from '../own-tenant.ts';

/** Sign-ins that wait for a second factor, in memory. */
export class MemorySignInChallengeStore implements SignInChallengeStore {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async add(challenge: SignInChallenge): Promise<void> {
    await this.#access.write((tables) => {
      assertOwnUser(tables, challenge.tenantId, challenge.userId);
      tables.signInChallenges.add(challenge.id, { challenge, attempts: 0, isComplete: false });
    });
  }

  async find(id: ChallengeId, now: Date): Promise<SignInChallenge | null> {
    return this.#access.read((tables) => waiting(tables, id, now)?.challenge ?? null);
  }

  async reserve(id: ChallengeId, now: Date): Promise<ChallengeReservation> {
    return this.#access.write((tables) => {
      const row = waiting(tables, id, now);
      if (!row) return { kind: 'unknown' };
      const { challenge, attempts } = row;
      if (attempts >= CHALLENGE_ATTEMPTS) {
        return { kind: 'spent', retryAfterSeconds: secondsToWait(now, challenge.expiresAt) };
      }
      tables.signInChallenges.set(id, { ...row, attempts: attempts + 1 });
      return { kind: 'reserved', challenge };
    });
  }

  async giveBack(id: ChallengeId): Promise<void> {
    await this.#access.write((tables) => {
      const row = tables.signInChallenges.get(id);
      if (row) tables.signInChallenges.set(id, { ...row, attempts: Math.max(0, row.attempts - 1) });
    });
  }

  async complete(id: ChallengeId, now: Date): Promise<boolean> {
    return this.#access.write((tables) => {
      const row = waiting(tables, id, now);
      if (!row) return false;
      tables.signInChallenges.set(id, { ...row, isComplete: true });
      return true;
    });
  }
}

function waiting(tables: ReadonlyMemoryTables, id: ChallengeId, now: Date): SignInChallengeRow | null {
  const row = tables.signInChallenges.get(id);
  return row && !row.isComplete && now < row.challenge.expiresAt ? row : null;
}
