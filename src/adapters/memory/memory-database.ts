import { setImmediate as tick } from 'node:timers/promises';
import type { MemoryAccess } from './memory-access.ts';
import {
  copyTables,
  INSTALLATION_KEY,
  type InstallationRow,
  type MemoryTables,
  newTables,
  type ReadonlyMemoryTables,
} from './memory-tables.ts';
import { MemoryTransaction } from './memory-transaction.ts';

/** The records of an installation, for as long as the process lives. Holds the default tenant from the start. */
export class MemoryDatabase implements MemoryAccess {
  /** Replaced by each change, so that its identity tells whether anything changed. */
  #tables: MemoryTables;

  /** @param installation what it allows; anonymous cases unless told */
  constructor(installation: InstallationRow = { anonymousCases: true }) {
    this.#tables = newTables(installation);
  }

  /** Says anew what the installation allows. */
  async configure(installation: InstallationRow): Promise<void> {
    await this.write((tables) => {
      tables.installation.set(INSTALLATION_KEY, installation);
    });
  }

  async read<T>(act: (tables: ReadonlyMemoryTables) => T): Promise<T> {
    await tick();
    return act(this.#tables);
  }

  async write<T>(act: (tables: MemoryTables) => T): Promise<T> {
    await tick();
    const copy = copyTables(this.#tables);
    const result = act(copy);
    this.#tables = copy;
    return result;
  }

  /**
   * Runs `work` on a copy that takes the place of the tables when it resolves. Where they changed meanwhile, it runs again:
   * works take effect as if one after the other.
   *
   * @throws whatever `work` throws, keeping nothing of it
   */
  async transact<T>(work: (access: MemoryAccess) => Promise<T>): Promise<T> {
    for (;;) {
      const base = this.#tables;
      const transaction = new MemoryTransaction(copyTables(base));
      const result = await work(transaction);
      const changed = transaction.finish();
      if (changed === null) return result;
      if (base === this.#tables) {
        this.#tables = changed;
        return result;
      }
    }
  }
}
