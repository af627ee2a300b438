import type { Facts } from './facts.ts';

/** Table locks that steps take (PostgreSQL, "Explicit Locking"), by what they keep others from. */
export type LockMode =
  /** Keeps others from everything. */
  | 'ACCESS EXCLUSIVE'
  /** Keeps others from writing. */
  | 'SHARE ROW EXCLUSIVE'
  /** Keeps others from changing the table's definition; rows are read and written meanwhile. */
  | 'SHARE UPDATE EXCLUSIVE';

/** The strongest lock that a step takes on a table which others use meanwhile: the legacy service, or Casegate's running processes. */
export interface StepLock {
  readonly mode: LockMode;
  readonly table: string;
}

/** One step of a migration: what `plan` prints is what `up` runs. */
export interface MigrationStep {
  /** One statement, or several that are kept together or not at all. */
  readonly sql: string;
  /** `null` where the step keeps others from nothing: it makes what is new, and at most reads what they use. */
  readonly lock: StepLock | null;
  /** Whether it runs in a short transaction of its own; what is built `CONCURRENTLY` cannot. */
  readonly transactional: boolean;
  /** What an operator should know before it runs. */
  readonly note?: string;
}

/**
 * A migration: pure functions from what was found in the database to what is to be done. They are asked anew after a failure or a
 * crash, and then list only what is still missing.
 */
export interface Migration {
  readonly up: (facts: Facts) => readonly MigrationStep[];
  readonly down: (facts: Facts) => readonly MigrationStep[];
  /** The facts as they will be after `up`, so that the migrations behind it can be planned before it ran. */
  readonly after: (facts: Facts) => Facts;
}

/** Found something that the migration cannot build upon; nothing was changed. */
export class MigrationRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MigrationRefused';
  }
}
