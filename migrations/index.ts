import { legacyTables } from './0001_legacy-tables.ts';
import { tenantsAndUsers } from './0002_tenants-and-users.ts';
import { sessionsAndKeys } from './0003_sessions-and-keys.ts';
import { auditEntries } from './0004_audit-entries.ts';
import { cases } from './0005_cases.ts';
import { requestOwner } from './0006_request-owner.ts';
import { requestOwnerValidated } from './0007_request-owner-validated.ts';
import { accountRecovery } from './0008_account-recovery.ts';
import { jobs } from './0009_jobs.ts';
import { caseWorkflow } from './0010_case-workflow.ts';
import { auditSeals } from './0011_audit-seals.ts';
import { idempotencyKeys } from './0012_idempotency-keys.ts';
import { recurringJobs } from './0013_recurring-jobs.ts';
import { legacy } from './0014_legacy.ts';
import type { Migration } from './migration.ts';

/** Every migration by name, in the order in which they run. A migration that was released is never changed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001_legacy-tables': legacyTables,
  '0002_tenants-and-users': tenantsAndUsers,
  '0003_sessions-and-keys': sessionsAndKeys,
  '0004_audit-entries': auditEntries,
  '0005_cases': cases,
  '0006_request-owner': requestOwner,
  '0007_request-owner-validated': requestOwnerValidated,
  '0008_account-recovery': accountRecovery,
  '0009_jobs': jobs,
  '0010_case-workflow': caseWorkflow,
  '0011_audit-seals': auditSeals,
  '0012_idempotency-keys': idempotencyKeys,
  '0013_recurring-jobs': recurringJobs,
  '0014_legacy': legacy,
};
