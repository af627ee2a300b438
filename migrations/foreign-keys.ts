import { tableIn, withTable, type Facts } from './facts.ts';
import type { LockMode, Migration, MigrationStep } from './migration.ts';

/** A foreign key of a table of Casegate's own. */
export interface ForeignKey {
  readonly columns: string;
  /** The table that it refers to, which others use meanwhile. */
  readonly table: string;
  /** What it refers to there. */
  readonly keys: string;
}

const alter = (table: string, actions: readonly string[], lock: MigrationStep['lock']): MigrationStep => ({
  sql: `ALTER TABLE ${table}\n  ${actions.join(',\n  ')};`,
  lock,
  transactional: true,
});

/**
 * A migration that adds foreign keys to a table which nobody uses yet. Each step holds up one of the tables that they refer to, for as
 * long as a row in the catalog takes: the rows are checked afterwards, while others go on.
 */
export function foreignKeys(table: string, foreign: Readonly<Record<string, ForeignKey>>): Migration {
  const entries = Object.entries(foreign);
  const found = (facts: Facts, name: string) => tableIn(facts, table)?.constraints[name];
  const byTable = (
    mode: LockMode,
    concerned: (name: string) => boolean,
    action: (name: string, key: ForeignKey) => string,
  ): readonly MigrationStep[] =>
    [...new Set(entries.map(([, key]) => key.table))].flatMap((referred) => {
      const actions = entries
        .filter(([name, key]) => key.table === referred && concerned(name))
        .map(([name, key]) => action(name, key));
      return actions.length === 0 ? [] : [alter(table, actions, { mode, table: referred })];
    });
  const add = (name: string, key: ForeignKey): string =>
    `ADD CONSTRAINT ${name} FOREIGN KEY (${key.columns}) REFERENCES ${key.table} (${key.keys}) NOT VALID`;
  return {
    up: (facts) => {
      const unchecked = entries.filter(([name]) => !found(facts, name)?.validated);
      const checks = unchecked.map(([name]) => `VALIDATE CONSTRAINT ${name}`);
      return [
        ...byTable('SHARE ROW EXCLUSIVE', (name) => !found(facts, name), add),
        ...(checks.length === 0 ? [] : [alter(table, checks, null)]),
      ];
    },
    down: (facts) =>
      byTable(
        'ACCESS EXCLUSIVE',
        (name) => found(facts, name) !== undefined,
        (name) => `DROP CONSTRAINT ${name}`,
      ),
    after: (facts) =>
      withTable(facts, table, {
        constraints: Object.fromEntries(entries.map(([name]) => [name, { validated: true }])),
      }),
  };
}
