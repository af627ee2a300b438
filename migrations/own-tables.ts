import { isOurs, MARK, tableIn, withTable, type Facts } from './facts.ts';
import { MigrationRefused, type Migration, type MigrationStep } from './migration.ts';

/** Tables of Casegate's own, made together. */
export interface OwnTables {
  /** What each table holds, by name, in the order in which they can be made. */
  readonly tables: Readonly<Record<string, string>>;
  /** Makes the tables, with their constraints and indexes. */
  readonly create: string;
  /** Functions that triggers of the tables call, dropped after them. */
  readonly functions?: readonly string[];
  /** Statistics that are made with the tables on tables that stay, dropped with them. */
  readonly statistics?: readonly string[];
}

const comments = (tables: Readonly<Record<string, string>>): string =>
  Object.entries(tables)
    .map(([name, holds]) => `COMMENT ON TABLE ${name} IS '${MARK}${holds}';`)
    .join('\n');

const ownStep = (sql: string): MigrationStep => ({ sql, lock: null, transactional: true });

/** Whether the tables are there. They are made in one transaction, so all are or none. */
function areMade(names: readonly string[], facts: Facts): boolean {
  for (const name of names) {
    const table = tableIn(facts, name);
    if (table && !isOurs(table)) {
      throw new MigrationRefused(
        `There is a table "${name}" in schema public that is not Casegate's, and Casegate needs that name. ` +
          'Nothing was changed. Rename that table, or give Casegate a database where the name is free.',
      );
    }
  }
  return names.every((name) => tableIn(facts, name) !== null);
}

/**
 * A migration that makes tables of Casegate's own in one transaction, and on the way down drops them with their rows. It refuses
 * where somebody else's table has one of the names.
 */
export function ownTables({ tables, create, functions = [], statistics = [] }: OwnTables): Migration {
  const names = Object.keys(tables);
  return {
    up: (facts) => (areMade(names, facts) ? [] : [ownStep(`${create.trim()}\n${comments(tables)}`)]),
    down: (facts) => {
      const ours = names.filter((name) => tableIn(facts, name) !== null).toReversed();
      if (ours.length === 0) return [];
      areMade(ours, facts);
      const drops = [
        `DROP TABLE ${ours.join(', ')};`,
        ...functions.map((name) => `DROP FUNCTION IF EXISTS ${name}();`),
        ...statistics.map((name) => `DROP STATISTICS IF EXISTS ${name};`),
      ];
      return [{ ...ownStep(drops.join('\n')), note: `The rows of ${ours.join(', ')} are lost.` }];
    },
    after: (facts) =>
      Object.entries(tables).reduce(
        (found, [name, holds]) => withTable(found, name, { comment: `${MARK}${holds}` }),
        facts,
      ),
  };
}
