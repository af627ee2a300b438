import { timingSafeEqual } from 'node:crypto';
import type { Statement, Statements } from './statements.ts';

/** Values that only the right keys give: keyed hashes of a fixed label, so that they tell nothing of the keys. */
export interface KeyChecks {
  readonly masterKeyCheck: Uint8Array;
  readonly auditKeyCheck: Uint8Array;
}

/** Whether the keys are those that the database was first opened with. */
export type InstallationVerdict =
  'ok' | 'master-key-mismatch' | 'audit-key-mismatch' | 'anonymous-cases-refused';

interface ChecksRow {
  readonly master_key_check: Uint8Array | null;
  readonly audit_key_check: Uint8Array | null;
}

/** The first to come writes its checks; whoever comes at the same moment waits for the row, and reads them. */
const CLAIM: Statement<ChecksRow & { readonly anonymous_cases: boolean }> = {
  text: `INSERT INTO installation AS i (master_key_check, audit_key_check, anonymous_cases)
VALUES ($1::bytea, $2::bytea, $3::boolean)
ON CONFLICT (singleton) DO UPDATE SET
  master_key_check = coalesce(i.master_key_check, excluded.master_key_check),
  audit_key_check = coalesce(i.audit_key_check, excluded.audit_key_check)
RETURNING master_key_check, audit_key_check, anonymous_cases`,
};
const READ: Statement<ChecksRow> = { text: 'SELECT master_key_check, audit_key_check FROM installation' };
const SET_ANONYMOUS_CASES: Statement<never> = {
  text: 'UPDATE installation SET anonymous_cases = $1::boolean WHERE anonymous_cases <> $1::boolean',
};

const matches = (stored: Uint8Array | null, given: Uint8Array): boolean =>
  stored === null || (stored.length === given.length && timingSafeEqual(stored, given));

function verdictOf(row: ChecksRow | undefined, checks: KeyChecks): InstallationVerdict {
  if (!row) return 'ok';
  if (!matches(row.master_key_check, checks.masterKeyCheck)) return 'master-key-mismatch';
  return matches(row.audit_key_check, checks.auditKeyCheck) ? 'ok' : 'audit-key-mismatch';
}

/** What a process says of anonymous cases. */
export interface AnonymousCasesPolicy {
  readonly anonymousCases: boolean;
  /** Whether the database holds everybody to it from now on: services do so, commands and jobs do not. */
  readonly enforced: boolean;
  /** Whether the operator said so himself. Otherwise what a database refuses stays refused. */
  readonly told: boolean;
}

/**
 * Ties the database to the keys at the first start, and compares them in constant time at every later one. Of several first starts at
 * once, one ties. Whether anonymous cases are allowed is written at the first start, and where it is `enforced`.
 *
 * @returns `anonymous-cases-refused` where the database refuses them and a process would allow them again that was not told to: it may
 *   have lost its profile, and the database be that of a production
 * @throws {Unavailable} where the database is out of reach
 */
export async function claimInstallation(
  statements: Statements,
  checks: KeyChecks,
  { anonymousCases, enforced, told }: AnonymousCasesPolicy,
): Promise<InstallationVerdict> {
  const parameters = [checks.masterKeyCheck, checks.auditKeyCheck, anonymousCases];
  const [row] = await statements.run(CLAIM, parameters);
  const verdict = verdictOf(row, checks);
  if (verdict !== 'ok' || !enforced) return verdict;
  if (anonymousCases && !told && row?.anonymous_cases === false) return 'anonymous-cases-refused';
  await statements.run(SET_ANONYMOUS_CASES, [anonymousCases]);
  return verdict;
}

/**
 * Compares the keys with those of the database without writing anything; `ok` also where it is not tied to any yet.
 *
 * @throws {Unavailable} where the database is out of reach
 */
export async function checkInstallation(
  statements: Statements,
  checks: KeyChecks,
): Promise<InstallationVerdict> {
  return verdictOf((await statements.run(READ, []))[0], checks);
}
