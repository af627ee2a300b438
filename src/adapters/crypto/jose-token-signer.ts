import { SignJWT } from 'jose';
import type { SignedAccessToken, TokenSigner } from '../../application/ports/security/access-tokens.ts';
import type { IdGenerator } from '../../application/ports/system/id-generator.ts';
import type { AccessTokenClaims } from '../../domain/access/access-token.ts';
import { authenticationLevel } from '../../domain/access/session.ts';
import { ACCESS_TOKEN_TYPE, type AccessTokenPayload, type AccessTokenScope } from './access-token-payload.ts';
import type { JoseSigningKeys } from './jose-signing-keys.ts';

/** What access tokens say of themselves. */
export interface TokenSignerOptions extends AccessTokenScope {
  /** How long a token counts. */
  readonly ttlSeconds: number;
}

interface Dependencies {
  readonly signingKeys: JoseSigningKeys;
  readonly idGenerator: IdGenerator;
}

/** Signs access tokens (RFC 9068) with the current key. */
export class JoseTokenSigner implements TokenSigner {
  readonly #deps: Dependencies;
  readonly #options: TokenSignerOptions;

  constructor(deps: Dependencies, options: TokenSignerOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  async sign(claims: AccessTokenClaims, now: Date, sessionExpiresAt?: Date): Promise<SignedAccessToken> {
    const { kid, alg, privateKey } = await this.#deps.signingKeys.current(now);
    const payload = this.#payloadOf(claims, now, sessionExpiresAt);
    const token = await new SignJWT({ ...payload })
      .setProtectedHeader({ alg, typ: ACCESS_TOKEN_TYPE, kid })
      .sign(privateKey);
    return { token, expiresInSeconds: Math.max(0, payload.exp - payload.iat) };
  }

  #payloadOf(claims: AccessTokenClaims, now: Date, sessionExpiresAt: Date | undefined): AccessTokenPayload {
    const { issuer, audience, ttlSeconds } = this.#options;
    const iat = wholeSeconds(now);
    const longest = iat + ttlSeconds;
    return {
      iss: issuer,
      aud: audience,
      sub: claims.userId,
      client_id: audience,
      jti: this.#deps.idGenerator.next(),
      iat,
      exp: sessionExpiresAt ? Math.min(longest, wholeSeconds(sessionExpiresAt)) : longest,
      tid: claims.tenantId,
      sid: claims.sessionId,
      role: claims.role,
      epoch: claims.epoch,
      acr: authenticationLevel(claims.amr),
      amr: [...claims.amr],
      auth_time: wholeSeconds(claims.authTime),
    };
  }
}

/** NumericDate (RFC 7519, section 2), whole. */
const wholeSeconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);
