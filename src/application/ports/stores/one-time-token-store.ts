import type { OneTimeToken, TokenPurpose } from '../../../domain/access/one-time-token.ts';
import type { SignInBasis } from '../../../domain/access/session.ts';
import type { UserId } from '../../../domain/shared/ids.ts';

/** One-time tokens of all tenants, for whoever presents one: he has not told his tenant. */
export interface OneTimeTokenDirectory {
  /** @returns `null` where there is none of this hash that counts at `now` */
  readonly find: (hash: Uint8Array, now: Date) => Promise<OneTimeToken | null>;
}

/** The one-time tokens of one tenant's accounts. */
export interface OneTimeTokenStore {
  /** Adds a token; the account's former one of the same purpose stops counting. One statement. */
  readonly put: (token: OneTimeToken) => Promise<void>;
  /**
   * Adds a token as `put` does, while the account is active and what a sign-in stands on is unchanged; one statement, so that a change
   * of the account, and what it does to the tokens, cannot be overtaken.
   *
   * @returns `false` where the password, the role or the active flag was changed meanwhile: nothing was kept, the former token counts on
   */
  readonly putWhile: (token: OneTimeToken, basis: SignInBasis) => Promise<boolean>;
  /**
   * Spends a token: of many at once, one does; one statement.
   *
   * @returns `false` where it does not count (any more)
   */
  readonly spend: (hash: Uint8Array, now: Date) => Promise<boolean>;
  /** Takes the account's tokens of these purposes away, where it has any. */
  readonly revoke: (userId: UserId, purposes: readonly TokenPurpose[]) => Promise<void>;
}
