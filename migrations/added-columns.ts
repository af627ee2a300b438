import { tableIn, withTable, type Facts } from './facts.ts';
import type { Migration, MigrationStep } from './migration.ts';

/** A column of a table of Casegate's own, as `ADD COLUMN` takes it; with a default that is computed once, if any, so that no row is rewritten. */
export interface AddedColumn {
  /** As `format_type` writes it. */
  readonly type: string;
  /** What follows the type. */
  readonly rest?: string;
}

const alter = (table: string, actions: readonly string[]): readonly MigrationStep[] =>
  actions.length === 0
    ? []
    : [
        {
          sql: `ALTER TABLE ${table}\n  ${actions.join(',\n  ')};`,
          lock: { mode: 'ACCESS EXCLUSIVE', table },
          transactional: true,
        },
      ];

/** A migration that adds columns to a table of Casegate's own, which processes of the version before go on using. */
export function addedColumns(table: string, columns: Readonly<Record<string, AddedColumn>>): Migration {
  const names = Object.keys(columns);
  const has = (facts: Facts, name: string): boolean => tableIn(facts, table)?.columns[name] !== undefined;
  return {
    up: (facts) =>
      alter(
        table,
        Object.entries(columns)
          .filter(([name]) => !has(facts, name))
          .map(([name, { type, rest }]) => ['ADD COLUMN', name, type, rest].filter(Boolean).join(' ')),
      ),
    down: (facts) =>
      alter(
        table,
        names.filter((name) => has(facts, name)).map((name) => `DROP COLUMN ${name}`),
      ),
    after: (facts) =>
      withTable(facts, table, {
        columns: Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, type])),
      }),
  };
}
