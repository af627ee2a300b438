import type { SigningKeyInfo, SigningKeys } from '../ports/security/signing-keys.ts';
import type { Clock } from '../ports/system/clock.ts';

interface Dependencies {
  readonly clock: Clock;
  readonly signingKeys: SigningKeys;
}

/** Lists the signing keys that sign or are still accepted, the newest first, for the operator. */
export class ListSigningKeys {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  async execute(): Promise<readonly SigningKeyInfo[]> {
    const { clock, signingKeys } = this.#deps;
    return signingKeys.list(clock.now());
  }
}
