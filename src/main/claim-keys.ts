import { rm } from 'node:fs/promises';
import { MasterKey } from '../adapters/crypto/master-key.ts';
import type { PostgresDatabase } from '../adapters/postgres/database.ts';
import {
  type AnonymousCasesPolicy,
  checkInstallation,
  claimInstallation,
  type InstallationVerdict,
  type KeyChecks,
} from '../adapters/postgres/installation.ts';
import { PoolStatements } from '../adapters/postgres/pool-statements.ts';
import type { InstallationKeys } from './installation-keys.ts';
import { StartRefused } from './start-refusal.ts';

const REFUSALS: Record<Exclude<InstallationVerdict, 'ok'>, string> = {
  'master-key-mismatch':
    'MASTER_KEY does not open this database: it was first started with another key. Set that key (in the demo: the file ' +
    'master.key in DATA_DIR; where it is missing, restore it). Without it the cases cannot be read.',
  'anonymous-cases-refused':
    'This database refuses anonymous cases: a service of profile production uses it, or one with ANONYMOUS_CASES=off. Set ' +
    'CASEGATE_PROFILE=production, or ANONYMOUS_CASES=off; ANONYMOUS_CASES=on has it allow them again.',
  'audit-key-mismatch':
    'AUDIT_KEY is not the key of this database: it was first started with another. Set that key (in the demo: the file ' +
    'audit.key in DATA_DIR; where it is missing, restore it). Without it the audit trail cannot be verified.',
};

const checksOf = ({ masterKey, auditKey }: InstallationKeys): KeyChecks => ({
  masterKeyCheck: new MasterKey(masterKey).derive('installation-check'),
  auditKeyCheck: new MasterKey(auditKey).derive('installation-check'),
});

function assertRight(verdict: InstallationVerdict): void {
  if (verdict !== 'ok') throw new StartRefused(REFUSALS[verdict]);
}

/**
 * Ties the database to the keys at its first start, and holds them against it at every later one.
 *
 * @throws {StartRefused} where they are not the database's, or it refuses anonymous cases that would be allowed by default
 */
export async function claimKeys(
  { kysely }: PostgresDatabase,
  keys: InstallationKeys,
  policy: AnonymousCasesPolicy,
): Promise<void> {
  const verdict = await claimInstallation(new PoolStatements(kysely), checksOf(keys), policy);
  // What was just made fits no database, and would hide that the right one is missing.
  if (verdict !== 'ok') await Promise.all(keys.madeFiles.map((file) => rm(file, { force: true })));
  assertRight(verdict);
}

/**
 * Holds the keys against the database and changes nothing; right also where it is not tied to any yet.
 *
 * @throws {StartRefused} where they are not the database's
 */
export async function checkKeys({ kysely }: PostgresDatabase, keys: InstallationKeys): Promise<void> {
  assertRight(await checkInstallation(new PoolStatements(kysely), checksOf(keys)));
}
