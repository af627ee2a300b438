import { setImmediate as tick } from 'node:timers/promises';
import type { MemoryAccess } from './memory-access.ts';
import type { MemoryTables, ReadonlyMemoryTables } from './memory-tables.ts';

/** A unit of work in progress: what it writes is seen by nobody else. */
export class MemoryTransaction implements MemoryAccess {
  readonly #tables: MemoryTables;
  #changed = false;
  #over = false;
  #failures: unknown[] = [];

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async read<T>(act: (tables: ReadonlyMemoryTables) => T): Promise<T> {
    return this.#act(act);
  }

  async write<T>(act: (tables: MemoryTables) => T): Promise<T> {
    this.#changed = true;
    return this.#act(act);
  }

  /**
   * Ends the work.
   *
   * @returns what it changed, or `null` where it only read
   * @throws the first refusal that one of its calls met, even if the work caught it: what the call did in part must not be kept
   */
  finish(): MemoryTables | null {
    this.#over = true;
    if (this.#failures.length > 0) throw this.#failures[0];
    return this.#changed ? this.#tables : null;
  }

  async #act<T>(act: (tables: MemoryTables) => T): Promise<T> {
    await tick();
    if (this.#over) throw new Error('A store was called after its unit of work had ended.');
    try {
      return act(this.#tables);
    } catch (failure) {
      this.#failures.push(failure);
      throw failure;
    }
  }
}
