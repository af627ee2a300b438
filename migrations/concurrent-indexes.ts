import { tableIn, withTable, type Facts } from './facts.ts';
import type { Migration, MigrationStep } from './migration.ts';

const concurrently = (table: string, sql: string): MigrationStep => ({
  sql,
  lock: { mode: 'SHARE UPDATE EXCLUSIVE', table },
  transactional: false,
});

/**
 * A migration that builds indexes beside whoever writes to the table meanwhile. One whose building was cut short is of no use: it goes,
 * and is built again.
 *
 * @param indexes what each is on, as it follows the table's name in `CREATE INDEX`, by name
 */
export function concurrentIndexes(table: string, indexes: Readonly<Record<string, string>>): Migration {
  const names = Object.keys(indexes);
  const found = (facts: Facts, name: string) => tableIn(facts, table)?.indexes[name];
  const drop = (name: string) => concurrently(table, `DROP INDEX CONCURRENTLY IF EXISTS ${name};`);
  const create = (name: string) =>
    concurrently(table, `CREATE INDEX CONCURRENTLY ${name} ON ${table} ${indexes[name] ?? ''};`);
  return {
    up: (facts) =>
      names.flatMap((name) => {
        const index = found(facts, name);
        if (!index) return [create(name)];
        return index.valid ? [] : [drop(name), create(name)];
      }),
    down: (facts) => names.filter((name) => found(facts, name)).map(drop),
    after: (facts) =>
      withTable(facts, table, {
        indexes: Object.fromEntries(names.map((name) => [name, { valid: true }])),
      }),
  };
}
