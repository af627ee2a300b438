import type { Role } from '../identity/user.ts';
import type { SessionId, TenantId, UserId } from '../shared/ids.ts';
import type { UserActor } from './actor.ts';
import type { AuthenticationMethod } from './session.ts';

/** What an access token says (RFC 9068): ids only, nothing personal. */
export interface AccessTokenClaims {
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  readonly role: Role;
  /** `User.tokenEpoch` at the time of signing. */
  readonly epoch: number;
  readonly amr: readonly AuthenticationMethod[];
  readonly authTime: Date;
}

/** The actor that a verified token speaks for. */
export const actorOf = (claims: AccessTokenClaims): UserActor => ({
  kind: 'user',
  userId: claims.userId,
  tenantId: claims.tenantId,
  sessionId: claims.sessionId,
  role: claims.role,
  amr: claims.amr,
  authTime: claims.authTime,
});

/** Seconds for which a rotated refresh token still gets the same successor: a lost answer or two tabs log nobody out. */
export const REFRESH_RETRY_SECONDS = 10;
