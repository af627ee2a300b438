import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type {
  PasswordHasher,
  PasswordVerdict,
} from '../../../src/application/ports/security/password-hasher.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';

const SALT_OCTETS = 16;
const HASH_OCTETS = 32;
/** As little work as scrypt does (RFC 7914): 2 KiB and 16 rounds, where a real hasher takes megabytes. */
const COST = { N: 16, r: 1, p: 1 };
const PREFIX = '$scrypt$ln=4,r=1,p=1$';
const HASH = /^\$scrypt\$ln=4,r=1,p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;
const DUMMY_SALT = Buffer.alloc(SALT_OCTETS);
/** How many may be at work or waiting. */
const MAX_PENDING = 64;

/** Hashes with scrypt of next to no cost: for tests and throw-away installations, never for passwords that matter. */
export class MemoryPasswordHasher implements PasswordHasher {
  #pending = 0;

  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_OCTETS);
    return `${PREFIX}${phcBase64(salt)}$${phcBase64(await this.#derive(password, salt))}`;
  }

  accepts(hash: string): boolean {
    return HASH.test(hash);
  }

  async verify(password: string, hash: string | null): Promise<PasswordVerdict> {
    const [, salt, expected] = HASH.exec(hash ?? '') ?? [];
    const derived = await this.#derive(password, salt ? Buffer.from(salt, 'base64') : DUMMY_SALT);
    if (!expected) return { matches: false, outdated: hash !== null };
    return { matches: timingSafeEqual(derived, Buffer.from(expected, 'base64')), outdated: false };
  }

  async #derive(password: string, salt: Uint8Array): Promise<Buffer> {
    if (this.#pending >= MAX_PENDING) throw new Unavailable();
    this.#pending += 1;
    try {
      return await new Promise((resolve, reject) => {
        scrypt(password, salt, HASH_OCTETS, COST, (error, derived) => {
          if (error) reject(error);
          else resolve(derived);
        });
      });
    } finally {
      this.#pending -= 1;
    }
  }
}

/** The base64 without padding that PHC strings use. */
const phcBase64 = (octets: Buffer): string => octets.toString('base64').replaceAll('=', '');
