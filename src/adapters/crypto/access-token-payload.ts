import { z } from 'zod';
import type { AccessTokenClaims } from '../../domain/access/access-token.ts';
import { AUTHENTICATION_LEVELS, AUTHENTICATION_METHODS } from '../../domain/access/session.ts';
import { ROLES } from '../../domain/identity/user.ts';

/** `typ` of the tokens' header (RFC 9068, section 2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** Whom the tokens are from and for. */
export interface AccessTokenScope {
  /** The public URL of the service; `iss`. */
  readonly issuer: string;
  /** `aud` and `client_id`. */
  readonly audience: string;
}

const seconds = z.int().min(0);

/** The claims of an access token (RFC 9068, section 2.2): exactly these, each of exactly this kind. */
export const accessTokenPayload = ({ issuer, audience }: AccessTokenScope) =>
  z.strictObject({
    iss: z.literal(issuer),
    aud: z.literal(audience),
    sub: z.guid(),
    client_id: z.literal(audience),
    jti: z.guid(),
    iat: seconds,
    exp: seconds,
    tid: z.guid(),
    sid: z.guid(),
    role: z.enum(ROLES),
    epoch: z.int().min(0),
    /** How far the authentication can be relied upon (RFC 9068, section 2.2.1). */
    acr: z.enum(AUTHENTICATION_LEVELS),
    amr: z.array(z.enum(AUTHENTICATION_METHODS)).min(1).max(AUTHENTICATION_METHODS.length),
    auth_time: seconds,
  });

/** The claims of an access token, as JSON. */
export type AccessTokenPayload = z.infer<ReturnType<typeof accessTokenPayload>>;

/** What the claims mean. */
export const claimsOf = (payload: AccessTokenPayload): AccessTokenClaims => ({
  userId: payload.sub,
  tenantId: payload.tid,
  sessionId: payload.sid,
  role: payload.role,
  epoch: payload.epoch,
  amr: payload.amr,
  authTime: new Date(payload.auth_time * 1000),
});
