import { type KeyObject, createHmac, createSecretKey, hash, randomBytes } from 'node:crypto';
import type { RefreshToken, RefreshTokenFactory } from '../../application/ports/security/refresh-tokens.ts';
import type { MasterKey } from './master-key.ts';

const TOKEN_OCTETS = 32;
/** Base64url of 32 octets: the last of 43 characters carries four bits, so that a token has one spelling. */
const TOKEN = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Refresh tokens of 256 bits, written as base64url and stored as their SHA-256; each names its successor by HMAC-SHA-256. */
export class HmacRefreshTokenFactory implements RefreshTokenFactory {
  readonly #key: KeyObject;

  constructor(masterKey: MasterKey) {
    this.#key = createSecretKey(masterKey.derive('refresh-token-successor'));
  }

  issue(): RefreshToken {
    return tokenOf(randomBytes(TOKEN_OCTETS));
  }

  succeed(
    presented: string,
  ): { readonly presentedHash: Uint8Array; readonly successor: RefreshToken } | null {
    if (!TOKEN.test(presented)) return null;
    const octets = Buffer.from(presented, 'base64url');
    const successor = createHmac('sha256', this.#key).update(octets).digest();
    return { presentedHash: sha256(octets), successor: tokenOf(successor) };
  }
}

const sha256 = (octets: Uint8Array): Uint8Array => hash('sha256', octets, 'buffer');

const tokenOf = (octets: Buffer): RefreshToken => ({
  token: octets.toString('base64url'),
  hash: sha256(octets),
});
