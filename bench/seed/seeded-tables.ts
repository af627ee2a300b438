import type { Statements } from '../../src/adapters/postgres/statements.ts';

/** The tables that are filled. */
export const SEEDED_TABLES = [
  ...['tenants', 'users', 'physicians', 'rn_requests', 'cases', 'case_events', 'case_messages'],
  ...['case_reasons', 'case_receipts', 'assignments', 'audit_entries'],
];

/** Renews the planner's statistics of all of them. Plans that were made without are made anew, those of foreign keys too. */
export async function analyzeSeeded(statements: Statements): Promise<void> {
  await statements.run({ text: `ANALYZE ${SEEDED_TABLES.join(', ')}` }, []);
}
