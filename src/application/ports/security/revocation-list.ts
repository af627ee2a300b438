import type { AccessTokenClaims } from '../../../domain/access/access-token.ts';

/**
 * Tells whether a token that verifies has been revoked since: its session is over, its account disabled or its role changed.
 * A revocation committed anywhere is known here within a second.
 */
export interface RevocationList {
  /** @throws {Unavailable} when it cannot be told */
  readonly isRevoked: (claims: AccessTokenClaims, now: Date) => Promise<boolean>;
}
