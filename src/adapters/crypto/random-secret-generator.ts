import { randomBytes, randomInt } from 'node:crypto';
import type { SecretGenerator } from '../../application/ports/security/secret-generator.ts';

/** Digits and letters of Crockford's base32: none that is taken for another. */
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUP_LENGTH = 5;

/** Secrets from Node's cryptographic random generator. */
export class RandomSecretGenerator implements SecretGenerator {
  generate(): string {
    return randomBytes(32).toString('base64url');
  }

  recoveryCode(): string {
    return `${randomGroup()}-${randomGroup()}`;
  }

  mailedCode(): string {
    return String(randomInt(100_000_000)).padStart(8, '0');
  }
}

const randomGroup = (): string =>
  Array.from({ length: GROUP_LENGTH }, () => BASE32.charAt(randomInt(BASE32.length))).join('');
