import type { PublicSigningKey, SigningKeyInfo, SigningKeys } from '../ports/security/signing-keys.ts';
import type { Clock } from '../ports/system/clock.ts';

/** The keys that sign, or whose tokens still count. */
export interface SigningKeyList {
  readonly keys: readonly SigningKeyInfo[];
  /** Their public halves, for a JWK set (RFC 7517, section 5). */
  readonly publicKeys: readonly PublicSigningKey[];
}

interface Dependencies {
  readonly clock: Clock;
  readonly signingKeys: SigningKeys;
}

/** Lists the signing keys, the newest first. */
export class ListSigningKeys {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  async execute(): Promise<SigningKeyList> {
    const { clock, signingKeys } = this.#deps;
    const now = clock.now();
    const [keys, publicKeys] = await Promise.all([signingKeys.list(now), signingKeys.publicKeys(now)]);
    return { keys, publicKeys };
  }
}
