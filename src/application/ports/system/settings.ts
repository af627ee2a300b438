import type { SignInRules } from '../../../domain/access/second-factor.ts';
import type { SessionLifetimes } from '../../../domain/access/session.ts';

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
  /** Whether somebody without an account may submit a case. */
  readonly anonymousCases: boolean;
}
