import type { MigrationStep } from './migration.ts';

const READ = ['SELECT'] as const;
const APPEND = ['SELECT', 'INSERT'] as const;
const KEEP = ['SELECT', 'INSERT', 'UPDATE'] as const;
const EVERYTHING = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;

/** What the running service needs of each table, where its role owns nothing: no more than it does. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  tenants: KEEP,
  users: KEEP,
  physicians: KEEP,
  sessions: EVERYTHING,
  refresh_tokens: EVERYTHING,
  failure_counters: EVERYTHING,
  signing_keys: EVERYTHING,
  data_keys: KEEP,
  installation: KEEP,
  audit_entries: APPEND,
  cases: KEEP,
  case_events: APPEND,
  case_messages: APPEND,
  case_receipts: EVERYTHING,
  rn_requests: [...APPEND, 'UPDATE (user_uuid)'],
  nest_sessions: READ,
  check_user_log: READ,
  casegate_migrations: READ,
};

/** One right that the service's role must have. */
export interface Need {
  readonly table: string;
  /** Such as `SELECT`; for one column `UPDATE (user_uuid)`. */
  readonly privilege: string;
}

/** Every right that the service's role must have. */
export const SERVICE_NEEDS: readonly Need[] = Object.entries(NEEDS).flatMap(([table, privileges]) =>
  privileges.map((privilege) => ({ table, privilege })),
);

const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Gives the service's role the rights that it lacks; nothing where it has them all. */
export function grantSteps(role: string, lacking: readonly Need[]): readonly MigrationStep[] {
  if (lacking.length === 0) return [];
  const grants = lacking.map(
    ({ table, privilege }) => `GRANT ${privilege} ON ${table} TO ${quoteIdentifier(role)};`,
  );
  const usage = `GRANT USAGE ON SCHEMA public TO ${quoteIdentifier(role)};`;
  return [{ sql: [usage, ...grants].join('\n'), lock: null, transactional: true }];
}
