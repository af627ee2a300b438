import { createHash, createHmac, randomBytes } from 'node:crypto';
import type {
  RefreshToken,
  RefreshTokenFactory,
} from '../../../src/application/ports/security/refresh-tokens.ts';

/** 43 characters of base64url; the last one carries four bits, so that a token has one spelling. */
const TOKEN = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Refresh tokens of 256 random bits; successors are derived under a key that lives as long as this object. */
export class MemoryRefreshTokenFactory implements RefreshTokenFactory {
  readonly #key = randomBytes(32);

  issue(): RefreshToken {
    return withHash(randomBytes(32).toString('base64url'));
  }

  succeed(
    presented: string,
  ): { readonly presentedHash: Uint8Array; readonly successor: RefreshToken } | null {
    if (!TOKEN.test(presented)) return null;
    const successor = createHmac('sha256', this.#key).update(presented).digest('base64url');
    return { presentedHash: withHash(presented).hash, successor: withHash(successor) };
  }
}

const withHash = (token: string): RefreshToken => ({
  token,
  hash: createHash('sha256').update(token).digest(),
});
