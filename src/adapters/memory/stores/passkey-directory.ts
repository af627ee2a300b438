import type { PasskeyDirectory } from '../../../application/ports/stores/second-factor-store.ts';
import type { Passkey } from '../../../domain/access/second-factor.ts';
import type { MemoryAccess } from '../memory-access.ts';

/** The passkeys of all tenants, in memory. */
export class MemoryPasskeyDirectory implements PasskeyDirectory {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async find(credentialId: string): Promise<Passkey | null> {
    return this.#access.read(
      (tables) =>
        [...tables.passkeys.values()].find((passkey) => passkey.credentialId === credentialId) ?? null,
    );
  }
}
