/** A store that reads, lets others pass, and writes what its reading made of it. */
export const RACY_STORE = `
import { setImmediate as tick } from 'node:timers/promises';
import { failureCounterStoreContract } from 'casegate/contracts';
import { reserveAttempt } from 'casegate/ports';

class RacyFailureCounterStore {
  #counters = new Map();

  async reserve(key, now) {
    const name = Buffer.from(key).toString('hex');
    const current = this.#counters.get(name) ?? null;
    await tick();
    const { counter, reservation } = reserveAttempt(current, now);
    if (counter) this.#counters.set(name, counter);
    return reservation;
  }

  async clear(key) {
    this.#counters.delete(Buffer.from(key).toString('hex'));
  }
}

failureCounterStoreContract('RacyFailureCounterStore', async () => ({
  failureCounters: new RacyFailureCounterStore(),
}));
`;

/** A hasher without salt and without a bound on its work. */
export const UNSALTED_HASHER = `
import { createHash } from 'node:crypto';
import { passwordHasherContract } from 'casegate/contracts';

class UnsaltedPasswordHasher {
  async hash(password) {
    return '$sha256$' + createHash('sha256').update(password).digest('hex');
  }

  accepts(hash) {
    return hash.startsWith('$sha256$');
  }

  async verify(password, hash) {
    return { matches: (await this.hash(password)) === hash, outdated: false };
  }
}

passwordHasherContract('UnsaltedPasswordHasher', () => new UnsaltedPasswordHasher());
`;
