import { randomBytes, randomInt } from 'node:crypto';
import type { SecretGenerator } from '../../../src/application/ports/security/secret-generator.ts';

/** Crockford's base32. */
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Random secrets: the one thing here that differs from run to run, since a secret that can be foretold is none. */
export class MemorySecretGenerator implements SecretGenerator {
  generate(): string {
    return randomBytes(32).toString('base64url');
  }

  recoveryCode(): string {
    // 256 is a multiple of 32, so that each character is as likely as any other.
    const characters = [...randomBytes(10)].map((octet) => BASE32.charAt(octet % BASE32.length)).join('');
    return `${characters.slice(0, 5)}-${characters.slice(5)}`;
  }

  mailedCode(): string {
    return String(randomInt(100_000_000)).padStart(8, '0');
  }
}
