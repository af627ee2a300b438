import type { MfaReset } from '../../../domain/access/mfa-reset.ts';
import type { UserId } from '../../../domain/shared/ids.ts';
import type { SealedText } from '../security/text-cipher.ts';

/** Resets of second factors in one tenant. */
export interface MfaResetStore {
  /**
   * @param reason why, as the admin wrote it
   * @throws {MfaResetPending} where one of the account waits already
   */
  readonly add: (reset: MfaReset, reason: SealedText) => Promise<void>;
  /**
   * Stops the account's reset that waits; compare-and-set.
   *
   * @returns `false` where none waits
   */
  readonly cancel: (userId: UserId, now: Date) => Promise<boolean>;
  /** Resets that wait and are due at `now`. */
  readonly listDue: (now: Date) => Promise<readonly MfaReset[]>;
  /**
   * Marks a waiting reset as done; compare-and-set against its cancellation.
   *
   * @returns `false` where it does not wait any more
   */
  readonly complete: (id: MfaReset['id'], now: Date) => Promise<boolean>;
}
