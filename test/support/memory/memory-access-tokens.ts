import { randomBytes } from 'node:crypto';
import type {
  SignedAccessToken,
  TokenSigner,
  TokenVerifier,
} from '../../../src/application/ports/security/access-tokens.ts';
import type { AccessTokenClaims } from '../../../src/domain/access/access-token.ts';
import { addSeconds, earlier, secondsUntil } from '../../../src/domain/shared/time.ts';

/** Seconds that the clock of whoever made a token may be ahead. */
const CLOCK_SKEW_SECONDS = 60;

interface IssuedToken {
  readonly claims: AccessTokenClaims;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Access tokens of 256 random bits that mean something in this process only: no signature to compute, none to forge. */
export class MemoryAccessTokens implements TokenSigner, TokenVerifier {
  readonly #ttlSeconds: number;
  readonly #issued = new Map<string, IssuedToken>();

  /** @param ttlSeconds the life of a token */
  constructor(ttlSeconds = 600) {
    this.#ttlSeconds = ttlSeconds;
  }

  sign(claims: AccessTokenClaims, now: Date, sessionExpiresAt?: Date): Promise<SignedAccessToken> {
    const token = randomBytes(32).toString('base64url');
    const longest = addSeconds(now, this.#ttlSeconds);
    const expiresAt = sessionExpiresAt ? earlier(longest, sessionExpiresAt) : longest;
    this.#issued.set(token, { claims, issuedAt: now, expiresAt });
    return Promise.resolve({ token, expiresInSeconds: secondsUntil(now, expiresAt) });
  }

  verify(token: string, now: Date): Promise<AccessTokenClaims | null> {
    const issued = this.#issued.get(token);
    const counts = issued && issued.issuedAt <= addSeconds(now, CLOCK_SKEW_SECONDS) && now < issued.expiresAt;
    return Promise.resolve(counts ? issued.claims : null);
  }
}
