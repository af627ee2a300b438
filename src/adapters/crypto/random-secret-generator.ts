import { randomBytes } from 'node:crypto';
import type { SecretGenerator } from '../../application/ports/security/secret-generator.ts';

/** Secrets from the system's random number generator. */
export class RandomSecretGenerator implements SecretGenerator {
  generate(): string {
    return randomBytes(32).toString('base64url');
  }
}
