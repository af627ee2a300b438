import type { LockMode, Migration, MigrationStep } from './migration.ts';

const locked =
  (mode: LockMode, table: string) =>
  (step: MigrationStep): MigrationStep => ({ ...step, lock: { mode, table } });

/** The same migration, of tables whose foreign keys lock a table that processes of the version before go on using. */
export const whileUsed = ({ up, down, after }: Migration, table: string): Migration => ({
  up: (facts) => up(facts).map(locked('SHARE ROW EXCLUSIVE', table)),
  down: (facts) => down(facts).map(locked('ACCESS EXCLUSIVE', table)),
  after,
});

/** The same migration, of tables with which statistics on a table come and go that others write to meanwhile. */
export const besideWriters = ({ up, down, after }: Migration, table: string): Migration => ({
  up: (facts) => up(facts).map(locked('SHARE UPDATE EXCLUSIVE', table)),
  down: (facts) => down(facts).map(locked('SHARE UPDATE EXCLUSIVE', table)),
  after,
});

/** One migration of several parts: done in their order, undone in the opposite one. */
export const inTurn = (...parts: readonly Migration[]): Migration => ({
  up: (facts) => parts.flatMap(({ up }) => up(facts)),
  down: (facts) => parts.toReversed().flatMap(({ down }) => down(facts)),
  after: (facts) => parts.reduce((found, { after }) => after(found), facts),
});
