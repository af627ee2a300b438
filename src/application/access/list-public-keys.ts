import type { PublicSigningKey, SigningKeys } from '../ports/security/signing-keys.ts';
import type { Clock } from '../ports/system/clock.ts';

interface Dependencies {
  readonly clock: Clock;
  readonly signingKeys: SigningKeys;
}

/** Lists the public halves of the keys that sign or are still accepted, for a JWK set (RFC 7517, section 5). */
export class ListPublicKeys {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {Unavailable} when no keys are in memory and none can be read */
  async execute(): Promise<readonly PublicSigningKey[]> {
    const { clock, signingKeys } = this.#deps;
    return signingKeys.publicKeys(clock.now());
  }
}
