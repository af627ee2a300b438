import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { compare } from 'bcrypt';
import type { ForeignHash, ScryptHash } from './foreign-hash.ts';

const derivePbkdf2 = promisify(pbkdf2);

/** Octets of a password that bcrypt reads; it ignores those behind, and NUL begins the password anew. */
const BCRYPT_OCTETS = 72;

/** Beyond what the parameters need, for the library's own. */
const SCRYPT_OVERHEAD = 2 ** 20;

/** Whether the password is the one of the hash; works in the thread pool and compares in constant time. */
export async function matchForeignHash(hash: ForeignHash, password: string): Promise<boolean> {
  switch (hash.kind) {
    case 'bcrypt':
      return matchBcrypt(hash.text, password);
    case 'scrypt':
      return timingSafeEqual(await deriveScrypt(hash, password), hash.expected);
    case 'pbkdf2': {
      const { digest, expected, iterations, salt } = hash;
      return timingSafeEqual(
        await derivePbkdf2(password, salt, iterations, expected.length, digest),
        expected,
      );
    }
  }
}

/** A password of which bcrypt would not see everything is another one, after the same work. */
async function matchBcrypt(hash: string, password: string): Promise<boolean> {
  const isWhole = Buffer.byteLength(password) <= BCRYPT_OCTETS && !password.includes('\0');
  const matches = await compare(password, hash);
  return isWhole && matches;
}

const deriveScrypt = ({ cost, expected, salt }: ScryptHash, password: string): Promise<Uint8Array> => {
  const maxmem = 128 * cost.r * (cost.N + cost.p) + SCRYPT_OVERHEAD;
  return new Promise((resolve, reject) => {
    scrypt(password, salt, expected.length, { ...cost, maxmem }, (error, derived) => {
      if (error) reject(error);
      else resolve(derived);
    });
  });
};
