import type { ChallengeReservation, SignInChallenge } from '../../../domain/access/sign-in-challenge.ts';
import type { ChallengeId } from '../../../domain/shared/ids.ts';

/** Sign-ins of all tenants that wait for a second factor. */
export interface SignInChallengeStore {
  readonly add: (challenge: SignInChallenge) => Promise<void>;
  /** @returns `null` where there is none that waits at `now` */
  readonly find: (id: ChallengeId, now: Date) => Promise<SignInChallenge | null>;
  /** Counts an answer as wrong before it is compared, so that parallel guesses take turns; one statement. */
  readonly reserve: (id: ChallengeId, now: Date) => Promise<ChallengeReservation>;
  /** Takes back one reserved answer that was never compared. */
  readonly giveBack: (id: ChallengeId) => Promise<void>;
  /**
   * Closes a challenge that was answered rightly; compare-and-set.
   *
   * @returns `false` where it was closed already, or has expired
   */
  readonly complete: (id: ChallengeId, now: Date) => Promise<boolean>;
}
