import type { MemoryTables, ReadonlyMemoryTables } from './memory-tables.ts';

/**
 * How a store reaches its tables: the database itself, or the copy that a unit of work sees. Both methods let a tick pass and
 * then act in one go: what is decided and done within one `write` is atomic, what is read first and written later is not.
 */
export interface MemoryAccess {
  readonly read: <T>(act: (tables: ReadonlyMemoryTables) => T) => Promise<T>;
  /** Keeps all that `act` does, or nothing where it throws. */
  readonly write: <T>(act: (tables: MemoryTables) => T) => Promise<T>;
}
