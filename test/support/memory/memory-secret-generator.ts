import { randomBytes } from 'node:crypto';
import type { SecretGenerator } from '../../../src/application/ports/security/secret-generator.ts';

/** Secrets of 256 random bits: the one thing here that differs from run to run, since a secret that can be foretold is none. */
export class MemorySecretGenerator implements SecretGenerator {
  generate(): string {
    return randomBytes(32).toString('base64url');
  }
}
