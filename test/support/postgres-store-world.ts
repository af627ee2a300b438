import { CompiledQuery } from 'kysely';
import { columnList } from '../../src/adapters/postgres/columns.ts';
import { openDatabase } from '../../src/adapters/postgres/database.ts';
import type { EnqueueJob } from '../../src/adapters/postgres/enqueue-job.ts';
import { PoolStatements } from '../../src/adapters/postgres/pool-statements.ts';
import { AUDIT_COLUMNS, type AuditRow } from '../../src/adapters/postgres/rows/audit-row.ts';
import {
  CASE_EVENT_COLUMNS,
  type CaseEventRow,
  eventOfRow,
} from '../../src/adapters/postgres/rows/case-event-row.ts';
import type { Statement } from '../../src/adapters/postgres/statements.ts';
import { PostgresAccountDirectory } from '../../src/adapters/postgres/stores/account-directory.ts';
import { PostgresAuditSealStore } from '../../src/adapters/postgres/stores/audit-seal-store.ts';
import { PostgresCaseTimers } from '../../src/adapters/postgres/stores/case-timers.ts';
import { PostgresDataKeyStore } from '../../src/adapters/postgres/stores/data-key-store.ts';
import { PostgresExpiredRecords } from '../../src/adapters/postgres/stores/expired-records.ts';
import { PostgresFailureCounterStore } from '../../src/adapters/postgres/stores/failure-counter-store.ts';
import { PostgresOneTimeTokenDirectory } from '../../src/adapters/postgres/stores/one-time-token-directory.ts';
import { PostgresPasskeyChallengeStore } from '../../src/adapters/postgres/stores/passkey-challenge-store.ts';
import { PostgresPasskeyDirectory } from '../../src/adapters/postgres/stores/passkey-directory.ts';
import { PostgresRefreshTokenStore } from '../../src/adapters/postgres/stores/refresh-token-store.ts';
import { PostgresSealedTextStore } from '../../src/adapters/postgres/stores/sealed-text-store.ts';
import { PostgresSignInChallengeStore } from '../../src/adapters/postgres/stores/sign-in-challenge-store.ts';
import { PostgresSigningKeyStore } from '../../src/adapters/postgres/stores/signing-key-store.ts';
import { PostgresUnitOfWork } from '../../src/adapters/postgres/unit-of-work.ts';
import type { SealedText } from '../../src/application/ports/security/text-cipher.ts';
import type { AuditEntry } from '../../src/domain/audit/audit-entry.ts';
import type { Assignment, StoreWorld } from '../contracts/stores/store-world.ts';
import { ignoreJobs } from './ignore-jobs.ts';
import { freshDatabase } from './postgres.ts';

const ALLOW_ANONYMOUS_CASES: Statement<never> = {
  text: 'UPDATE installation SET anonymous_cases = $1::boolean',
};
const READ_ASSIGNMENT: Statement<Assignment> = {
  text: `SELECT physician_uuid AS "physicianId", physician_tenant_uuid AS "physicianTenantId", assigned_at AS "assignedAt"
    FROM assignments WHERE case_uuid = $1::uuid`,
};
const READ_AUDIT: Statement<AuditRow> = {
  text: `SELECT ${columnList(AUDIT_COLUMNS)} FROM audit_entries WHERE tenant_uuid = $1::uuid ORDER BY at`,
};
const READ_EVENTS: Statement<CaseEventRow> = {
  text: `SELECT ${columnList(CASE_EVENT_COLUMNS)} FROM case_events WHERE case_uuid = $1::uuid ORDER BY version`,
};

interface SealedRow {
  readonly key_uuid: string | null;
  readonly bytes: Uint8Array | null;
}

const READ_OUTBOX_PAYLOAD: Statement<SealedRow> = {
  text: 'SELECT key_uuid, payload AS bytes FROM outbox WHERE uuid = $1::uuid',
};
const READ_RESET_REASON: Statement<SealedRow> = {
  text: 'SELECT key_uuid, reason AS bytes FROM mfa_resets WHERE uuid = $1::uuid',
};

/** A world on a database of its own. */
export interface PostgresStoreWorld extends StoreWorld {
  readonly url: string;
  /** Runs SQL that no port has. */
  readonly sql: (text: string, parameters?: readonly unknown[]) => Promise<readonly unknown[]>;
  readonly close: () => Promise<void>;
}

/**
 * The PostgreSQL adapters on a fresh database, for the store contracts and for what they cannot see.
 *
 * @param enqueue what becomes of the jobs of entries of the outbox; nothing, unless told
 */
export async function postgresStoreWorld(enqueue: EnqueueJob = ignoreJobs): Promise<PostgresStoreWorld> {
  const { url, drop } = await freshDatabase();
  const { kysely, close } = openDatabase({ url, prepared: true });
  const statements = new PoolStatements(kysely);
  return {
    unitOfWork: new PostgresUnitOfWork(kysely, enqueue),
    accountDirectory: new PostgresAccountDirectory(statements),
    auditSeals: new PostgresAuditSealStore(statements),
    caseTimers: new PostgresCaseTimers(statements),
    refreshTokenStore: new PostgresRefreshTokenStore(statements),
    expiredRecords: new PostgresExpiredRecords(statements),
    failureCounters: new PostgresFailureCounterStore(statements),
    oneTimeTokenDirectory: new PostgresOneTimeTokenDirectory(statements),
    passkeyDirectory: new PostgresPasskeyDirectory(statements),
    passkeyChallenges: new PostgresPasskeyChallengeStore(statements),
    signInChallenges: new PostgresSignInChallengeStore(statements),
    signingKeyStore: new PostgresSigningKeyStore(kysely),
    dataKeyStore: new PostgresDataKeyStore(statements),
    sealedTexts: new PostgresSealedTextStore(statements),
    allowAnonymousCases: async (allowed) => {
      await statements.run(ALLOW_ANONYMOUS_CASES, [allowed]);
    },
    readAssignment: async (id) => (await statements.run(READ_ASSIGNMENT, [id]))[0] ?? null,
    readAudit: async (tenantId) => (await statements.run(READ_AUDIT, [tenantId])).map(entryOf),
    readEvents: async (id) => (await statements.run(READ_EVENTS, [id])).map(eventOfRow),
    readOutboxPayload: async (id) => sealedOf(await statements.run(READ_OUTBOX_PAYLOAD, [id])),
    readResetReason: async (id) => sealedOf(await statements.run(READ_RESET_REASON, [id])),
    url,
    sql: async (text, parameters = []) =>
      (await kysely.executeQuery(CompiledQuery.raw(text, [...parameters]))).rows,
    close: async () => {
      await close();
      await drop();
    },
  };
}

const sealedOf = ([row]: readonly SealedRow[]): SealedText | null =>
  row?.key_uuid && row.bytes ? { keyId: row.key_uuid, bytes: row.bytes } : null;

const entryOf = (row: AuditRow): AuditEntry => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  actor: row.actor_kind === 'user' ? { kind: 'user', id: row.actor_id! } : { kind: row.actor_kind },
  action: row.action,
  subject: row.subject_type === null ? null : { type: row.subject_type, id: row.subject_id! },
  at: row.at,
  details: row.details,
});
