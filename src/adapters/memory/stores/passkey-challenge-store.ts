import type {
  PasskeyChallenge,
  PasskeyChallengeStore,
} from '../../../application/ports/stores/passkey-challenge-store.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { octetKey } from '../memory-tables.ts';

/** The challenges that browsers were given, in memory. */
export class MemoryPasskeyChallengeStore implements PasskeyChallengeStore {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async add(challenge: PasskeyChallenge): Promise<void> {
    await this.#access.write((tables) => {
      tables.passkeyChallenges.add(octetKey(challenge.hash), challenge);
    });
  }

  async spend(hash: Uint8Array, now: Date): Promise<PasskeyChallenge | null> {
    return this.#access.write((tables) => {
      const challenge = tables.passkeyChallenges.get(octetKey(hash));
      tables.passkeyChallenges.delete(octetKey(hash));
      return challenge && now < challenge.expiresAt ? challenge : null;
    });
  }
}
