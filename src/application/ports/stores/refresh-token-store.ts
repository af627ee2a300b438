import type { AccessTokenClaims } from '../../../domain/access/access-token.ts';
import type { Session } from '../../../domain/access/session.ts';
import type { SessionId, TenantId, UserId } from '../../../domain/shared/ids.ts';

/** One use of a refresh token. */
export interface RotationRequest {
  readonly presentedHash: Uint8Array;
  readonly successorHash: Uint8Array;
  readonly now: Date;
  /** Seconds after a rotation within which the same token is answered with the same successor. */
  readonly retrySeconds: number;
}

/** What became of it. */
export type Rotation =
  /** The successor counts now. `retried` where it did already, because this token was used moments ago. */
  | {
      readonly kind: 'rotated' | 'retried';
      readonly claims: AccessTokenClaims;
      readonly session: Pick<Session, 'idleExpiresAt' | 'expiresAt' | 'legacySid'>;
    }
  /** A copy of the token is about: its session has to end. */
  | {
      readonly kind: 'reused';
      readonly tenantId: TenantId;
      readonly userId: UserId;
      readonly sessionId: SessionId;
    }
  /** Unknown, or its session is over, or its account disabled, or its tenant demands a second factor that the session is without. */
  | { readonly kind: 'invalid' };

/** The refresh tokens of all tenants: whoever presents one has not told his tenant yet. */
export interface RefreshTokenStore {
  /**
   * Rotates a token: compare-and-set in one statement, so that of many parallel uses one rotates it and the others see that.
   * Moves the session's idle limit.
   */
  readonly rotate: (request: RotationRequest) => Promise<Rotation>;
}
