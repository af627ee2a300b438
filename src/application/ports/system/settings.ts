import type { SessionLifetimes } from '../../../domain/access/session.ts';

/** What the operator decides and use cases obey. */
export interface Settings {
  /** Code points; a tenant's own policy may ask for more, never for less. */
  readonly passwordMinLength: number;
  readonly sessionLifetimes: SessionLifetimes;
  /** Whether somebody without an account may submit a case. */
  readonly anonymousCases: boolean;
}
