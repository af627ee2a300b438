import { hash } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { TokenVerifier } from '../../application/ports/security/access-tokens.ts';
import type { AccessTokenClaims } from '../../domain/access/access-token.ts';
import {
  ACCESS_TOKEN_TYPE,
  type AccessTokenPayload,
  type AccessTokenScope,
  accessTokenPayload,
  claimsOf,
} from './access-token-payload.ts';
import { parseCanonicalJwt } from './canonical-jwt.ts';
import type { JoseSigningKeys } from './jose-signing-keys.ts';

/** Characters of the longest token that is looked at; ours have some 700. */
const MAX_LENGTH = 2048;
/** Verified tokens that are remembered, at some 0.7 KB each. */
const CACHED_TOKENS = 20_000;
/** Seconds by which the clock of the process that signed may be ahead of ours. */
const CLOCK_SKEW_SECONDS = 30;

/** Which tokens count. */
export interface TokenVerifierOptions extends AccessTokenScope {
  /** The longest life that a token may have. */
  readonly ttlSeconds: number;
}

interface Dependencies {
  readonly signingKeys: JoseSigningKeys;
}

/** A token whose signature and shape were found right. */
interface VerifiedToken {
  readonly kid: string;
  readonly payload: AccessTokenPayload;
  readonly claims: AccessTokenClaims;
}

/** Nothing else, so neither `crit` nor `jwk`, `jku`, `x5c` or `b64` (RFC 8725, section 3.10); `kid` is an RFC 7638 thumbprint. */
const Header = z.strictObject({
  alg: z.string(),
  typ: z.literal(ACCESS_TOKEN_TYPE),
  kid: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

/**
 * Verifies access tokens (RFC 9068, section 4; RFC 8725). Stricter than jose: one spelling a token, exact claims, bounded times. A
 * token that was verified is remembered by its SHA-256, and still expires, and still falls with its key.
 */
export class JoseTokenVerifier implements TokenVerifier {
  readonly #signingKeys: JoseSigningKeys;
  readonly #options: TokenVerifierOptions;
  readonly #payload: ReturnType<typeof accessTokenPayload>;
  readonly #verified = new LRUCache<string, VerifiedToken>({ max: CACHED_TOKENS });

  constructor(deps: Dependencies, options: TokenVerifierOptions) {
    this.#signingKeys = deps.signingKeys;
    this.#options = options;
    this.#payload = accessTokenPayload(options);
  }

  /** @throws {Unavailable} when the signing keys cannot be read */
  async verify(token: string, now: Date): Promise<AccessTokenClaims | null> {
    if (token.length > MAX_LENGTH) return null;
    const name = hash('sha256', token, 'base64url');
    const known = this.#verified.get(name);
    if (known) return this.#recall(name, known, now);
    const verified = await this.#judge(token, now);
    if (!verified) return null;
    this.#verified.set(name, verified);
    return verified.claims;
  }

  async #recall(name: string, known: VerifiedToken, now: Date): Promise<AccessTokenClaims | null> {
    const counts =
      this.#isTimely(known.payload, now) && (await this.#signingKeys.byKid(known.kid, now)) !== null;
    if (counts) return known.claims;
    this.#verified.delete(name);
    return null;
  }

  async #judge(token: string, now: Date): Promise<VerifiedToken | null> {
    const unverified = parseCanonicalJwt(token);
    const header = Header.safeParse(unverified?.header);
    const payload = this.#payload.safeParse(unverified?.payload);
    if (!header.success || !payload.success || !this.#isTimely(payload.data, now)) return null;
    const { alg, kid } = header.data;
    const key = await this.#signingKeys.byKid(kid, now);
    if (key?.alg !== alg || !(await this.#isSigned(token, key, now))) return null;
    return { kid, payload: payload.data, claims: claimsOf(payload.data) };
  }

  #isTimely({ iat, exp, auth_time: authTime }: AccessTokenPayload, now: Date): boolean {
    const seconds = now.getTime() / 1000;
    const latest = seconds + CLOCK_SKEW_SECONDS;
    return (
      exp > seconds &&
      exp > iat &&
      exp - iat <= this.#options.ttlSeconds &&
      iat <= latest &&
      authTime <= latest
    );
  }

  async #isSigned(
    token: string,
    key: Awaited<ReturnType<JoseSigningKeys['current']>>,
    now: Date,
  ): Promise<boolean> {
    const { issuer, audience } = this.#options;
    try {
      await jwtVerify(token, key.publicKey, {
        algorithms: [key.alg],
        typ: ACCESS_TOKEN_TYPE,
        issuer,
        audience,
        currentDate: now,
      });
      return true;
    } catch (error) {
      if (error instanceof errors.JOSEError) return false;
      throw error;
    }
  }
}
