import type { OneTimeTokenDirectory } from '../../../application/ports/stores/one-time-token-store.ts';
import type { OneTimeToken } from '../../../domain/access/one-time-token.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { octetKey } from '../memory-tables.ts';

/** The one-time tokens of all tenants, in memory. */
export class MemoryOneTimeTokenDirectory implements OneTimeTokenDirectory {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async find(hash: Uint8Array, now: Date): Promise<OneTimeToken | null> {
    return this.#access.read((tables) => {
      const token = tables.oneTimeTokens.get(octetKey(hash));
      return token && now < token.expiresAt ? token : null;
    });
  }
}
