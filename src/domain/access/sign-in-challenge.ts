import type { ChallengeId, TenantId, UserId } from '../shared/ids.ts';
import { addSeconds, earlier } from '../shared/time.ts';
import type { AuthenticationMethod, LegacyBond } from './session.ts';

/** Wrong answers after which a challenge is spent. */
export const CHALLENGE_ATTEMPTS = 10;
/** How long a challenge waits for an answer, in seconds. */
export const CHALLENGE_SECONDS = 300;

/** A sign-in that waits for its second factor. It is no session: nothing can be done with it but answer it. */
export interface SignInChallenge {
  readonly id: ChallengeId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** What was proven already. */
  readonly amr: readonly AuthenticationMethod[];
  /** Of the account, when the first proof was accepted: whoever changes the role or the active flag ends the challenge. */
  readonly tokenEpoch: number;
  /** Keyed hash of the password's hash at that time, 32 octets; `null` where no password was the proof. */
  readonly passwordFingerprint: Uint8Array | null;
  /** What the session is to stand on; `null` where it will stand by itself. */
  readonly legacy: LegacyBond | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** What became of the wish to answer a challenge. */
export type ChallengeReservation =
  | { readonly kind: 'reserved'; readonly challenge: SignInChallenge }
  /** Too many wrong answers. */
  | { readonly kind: 'spent'; readonly retryAfterSeconds: number }
  /** There is none of this id, or it has expired, or was answered already. */
  | { readonly kind: 'unknown' };

/** A challenge at its first moment. It waits no longer than the legacy session lives that it stands on. */
export const createChallenge = (
  given: Omit<SignInChallenge, 'createdAt' | 'expiresAt'>,
  now: Date,
): SignInChallenge => {
  const longest = addSeconds(now, CHALLENGE_SECONDS);
  const expiresAt = given.legacy ? earlier(longest, given.legacy.expiresAt) : longest;
  return { ...given, createdAt: now, expiresAt };
};
