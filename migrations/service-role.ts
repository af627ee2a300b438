import type { MigrationStep } from './migration.ts';

const READ = ['SELECT'] as const;
const APPEND = ['SELECT', 'INSERT'] as const;
const KEEP = ['SELECT', 'INSERT', 'UPDATE'] as const;
const EVERYTHING = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;

/** Texts of cases are sealed anew when data keys are rotated, and never change otherwise. */
const RESEAL = ['UPDATE (key_uuid)', 'UPDATE (body)'] as const;

/**
 * What pg-boss needs of its tables while it enqueues, does and looks after jobs. `job` has them all; `job_common` is the part of it
 * that the queues share. The right to UPDATE is also what locking a row asks for.
 */
const JOB_NEEDS: Readonly<Record<string, readonly string[]>> = {
  'casegate_jobs.version': ['SELECT', 'UPDATE'],
  'casegate_jobs.queue': ['SELECT', 'UPDATE'],
  'casegate_jobs.job': KEEP,
  'casegate_jobs.job_common': EVERYTHING,
  'casegate_jobs.job_dependency': ['SELECT', 'DELETE'],
  'casegate_jobs.instance': ['SELECT', 'UPDATE', 'DELETE'],
};

/** What the running service needs of each table, where its role owns nothing: no more than it does. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  tenants: KEEP,
  users: KEEP,
  physicians: KEEP,
  sessions: EVERYTHING,
  refresh_tokens: EVERYTHING,
  failure_counters: EVERYTHING,
  one_time_tokens: EVERYTHING,
  totp_factors: EVERYTHING,
  recovery_codes: EVERYTHING,
  passkeys: EVERYTHING,
  sign_in_challenges: EVERYTHING,
  // Nothing changes these; the right to is what locking a row asks for.
  passkey_challenges: EVERYTHING,
  mfa_resets: KEEP,
  outbox: EVERYTHING,
  idempotency_keys: EVERYTHING,
  signing_keys: EVERYTHING,
  data_keys: EVERYTHING,
  installation: KEEP,
  audit_entries: APPEND,
  audit_links: APPEND,
  audit_seals: APPEND,
  audit_head: ['SELECT', 'UPDATE'],
  cases: KEEP,
  case_events: APPEND,
  case_messages: [...APPEND, ...RESEAL],
  case_receipts: EVERYTHING,
  assignments: EVERYTHING,
  case_reasons: [...APPEND, ...RESEAL],
  break_glass_grants: KEEP,
  legacy_index: EVERYTHING,
  legacy_index_state: ['SELECT', 'UPDATE'],
  legacy_links: EVERYTHING,
  legacy_stamps: EVERYTHING,
  legacy_tickets: EVERYTHING,
  batch_runs: KEEP,
  imported_users: APPEND,
  rn_requests: [...APPEND, 'UPDATE (user_uuid)'],
  nest_sessions: READ,
  check_user_log: READ,
  casegate_migrations: READ,
  ...JOB_NEEDS,
};

/** One right that the service's role must have. */
export interface Need {
  /** With its schema, where that is not `public`. */
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
  const schemas = new Set(lacking.map(({ table }) => (table.includes('.') ? table.split('.')[0] : 'public')));
  const usage = [...schemas].map((name) => `GRANT USAGE ON SCHEMA ${name} TO ${quoteIdentifier(role)};`);
  return [{ sql: [...usage, ...grants].join('\n'), lock: null, transactional: true }];
}
