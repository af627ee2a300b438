import type { FactorSummary, Passkey } from '../../../domain/access/second-factor.ts';
import type { PasskeyId, UserId } from '../../../domain/shared/ids.ts';
import type { SealedText } from '../security/text-cipher.ts';

/** The authenticator app of an account: RFC 6238 secrets, sealed. */
export interface TotpSecrets {
  /** The one that counts; `null` before the first was confirmed. */
  readonly confirmed: SealedText | null;
  /** The one that waits for its first code. */
  readonly pending: SealedText | null;
  readonly pendingSince: Date | null;
}

/** The second factors of one tenant's accounts. */
export interface SecondFactorStore {
  readonly summary: (userId: UserId) => Promise<FactorSummary>;

  /** @returns `null` where the account never began with one */
  readonly findTotp: (userId: UserId) => Promise<TotpSecrets | null>;
  /** Begins an enrolment; a former one that was not confirmed is forgotten, a confirmed secret goes on counting. */
  readonly putPendingTotp: (userId: UserId, secret: SealedText, now: Date) => Promise<void>;
  /**
   * Makes the pending secret the one that counts; one statement.
   *
   * @param pending the secret that the code was held against
   * @param step the time step of that code, which is used up by this
   * @returns `false` where another one is pending by now
   */
  readonly confirmTotp: (userId: UserId, pending: SealedText, step: number, now: Date) => Promise<boolean>;
  /**
   * Uses up a time step of the confirmed secret, and with it all before: compare-and-set, so that a code counts once (RFC 6238,
   * section 5.2).
   *
   * @returns `false` where it, or a later one, was used already
   */
  readonly useTotpStep: (userId: UserId, step: number) => Promise<boolean>;
  /**
   * Takes a confirmed authenticator app away, and what was begun to replace it; one statement.
   *
   * @returns `false` where the account has none: an enrolment that was only begun goes on
   */
  readonly removeTotp: (userId: UserId) => Promise<boolean>;

  /** Replaces the account's recovery codes, used or not. @param hashes keyed hashes, 32 octets each; none takes all away */
  readonly replaceRecoveryCodes: (userId: UserId, hashes: readonly Uint8Array[]) => Promise<void>;
  /**
   * Uses up a recovery code: of many at once, one does; one statement.
   *
   * @returns `false` where the account has no such code (any more)
   */
  readonly useRecoveryCode: (userId: UserId, hash: Uint8Array) => Promise<boolean>;

  /** The account's passkeys, the oldest first. */
  readonly listPasskeys: (userId: UserId) => Promise<readonly Passkey[]>;
  /** @throws {PasskeyLimit} where the credential is registered already, by whomever */
  readonly addPasskey: (passkey: Passkey) => Promise<void>;
  /**
   * Keeps the signature counter of a use: compare-and-set, so that of a passkey and its copy one is refused.
   *
   * @returns `false` where the counter has not grown (both 0 is no counter), or there is no such passkey
   */
  readonly usePasskey: (id: PasskeyId, counter: number, now: Date) => Promise<boolean>;
  /** @returns `false` where the account has no such passkey */
  readonly removePasskey: (userId: UserId, id: PasskeyId) => Promise<boolean>;
  /** Takes everything away: authenticator app, recovery codes, passkeys. */
  readonly removeAll: (userId: UserId) => Promise<void>;
}

/** Passkeys of all tenants, for whoever signs in by one: it tells who he is. */
export interface PasskeyDirectory {
  /** @returns `null` where nobody has registered the credential */
  readonly find: (credentialId: string) => Promise<Passkey | null>;
}
