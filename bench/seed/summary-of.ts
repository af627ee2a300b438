import type { Statements } from '../../src/adapters/postgres/statements.ts';
import { SEEDED_TABLES } from './seeded-tables.ts';

const STATES = 'SELECT state, count(*) AS count FROM cases GROUP BY state ORDER BY count DESC, state';
const SIZE = 'SELECT pg_size_pretty(pg_database_size(current_database())) AS size';

interface Counted {
  readonly count: number;
}

/** Says what is in the database. */
export async function summaryOf(statements: Statements, added: number, seconds: number): Promise<string> {
  const [database] = await statements.run<{ readonly size: string }>({ text: SIZE }, []);
  const lines = [
    `${String(added)} cases added in ${seconds.toFixed(1)} s (${(added / Math.max(seconds, 0.001)).toFixed(0)} a second).`,
    `The database has ${database?.size ?? '?'}.`,
    '',
  ];
  for (const table of SEEDED_TABLES) {
    const [row] = await statements.run<Counted>({ text: `SELECT count(*) AS count FROM ${table}` }, []);
    lines.push(`${table.padEnd(16)}${String(row?.count ?? 0).padStart(10)}`);
  }
  lines.push('');
  for (const { state, count } of await statements.run<Counted & { state: string }>({ text: STATES }, [])) {
    lines.push(`${state.padEnd(16)}${String(count).padStart(10)}`);
  }
  return `${lines.join('\n')}\n`;
}
