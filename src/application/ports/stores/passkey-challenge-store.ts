import type { ChallengeId, TenantId, UserId } from '../../../domain/shared/ids.ts';

/** What a browser is asked to sign (WebAuthn Level 3, section 13.4.3), at rest. */
export interface PasskeyChallenge {
  /** Keyed hash of the challenge, 32 octets. */
  readonly hash: Uint8Array;
  readonly use:
    | { readonly kind: 'registration'; readonly tenantId: TenantId; readonly userId: UserId }
    /** `signInChallengeId` where a passkey is to complete a sign-in, `null` where it is to be the sign-in. */
    | { readonly kind: 'authentication'; readonly signInChallengeId: ChallengeId | null };
  readonly expiresAt: Date;
}

/** The challenges that browsers were given. */
export interface PasskeyChallengeStore {
  readonly add: (challenge: PasskeyChallenge) => Promise<void>;
  /**
   * Spends a challenge: of many at once, one does; one statement.
   *
   * @returns `null` where it does not count (any more)
   */
  readonly spend: (hash: Uint8Array, now: Date) => Promise<PasskeyChallenge | null>;
}
