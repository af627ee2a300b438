import type { SignInRules } from '../../../domain/access/second-factor.ts';
import type { SessionLifetimes } from '../../../domain/access/session.ts';
import type { LegacyBridge } from '../../../domain/legacy/legacy-bridge.ts';

/** What the operator decides and use cases obey. */
export interface Settings {
  /** Code points; a tenant's own policy may ask for more, never for less. */
  readonly passwordMinLength: {
    /** Where the password is the only factor (NIST SP 800-63B-4, section 3.1.1.2). */
    readonly alone: number;
    readonly withSecondFactor: number;
  };
  readonly signIn: SignInRules;
  readonly sessionLifetimes: SessionLifetimes;
  /** How live sessions of the legacy service are taken for a proof; `null` where they are not. */
  readonly legacyBridge: LegacyBridge | null;
  /** Whether somebody without an account may submit a case. */
  readonly anonymousCases: boolean;
}
