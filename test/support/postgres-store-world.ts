import { CompiledQuery } from 'kysely';
import { columnList, insertInto, parametersOf } from '../../src/adapters/postgres/columns.ts';
import { openDatabase } from '../../src/adapters/postgres/database.ts';
import type { EnqueueJob } from '../../src/adapters/postgres/enqueue-job.ts';
import { PoolStatements } from '../../src/adapters/postgres/pool-statements.ts';
import { AUDIT_COLUMNS, type AuditRow } from '../../src/adapters/postgres/rows/audit-row.ts';
import { CASE_EVENT_COLUMNS, type CaseEventRow } from '../../src/adapters/postgres/rows/case-event-row.ts';
import { PHYSICIAN_COLUMNS, type PhysicianRow } from '../../src/adapters/postgres/rows/physician-row.ts';
import type { Statement } from '../../src/adapters/postgres/statements.ts';
import { PostgresAccountDirectory } from '../../src/adapters/postgres/stores/account-directory.ts';
import { PostgresDataKeyStore } from '../../src/adapters/postgres/stores/data-key-store.ts';
import { PostgresFailureCounterStore } from '../../src/adapters/postgres/stores/failure-counter-store.ts';
import { PostgresOneTimeTokenDirectory } from '../../src/adapters/postgres/stores/one-time-token-directory.ts';
import { PostgresPasskeyChallengeStore } from '../../src/adapters/postgres/stores/passkey-challenge-store.ts';
import { PostgresPasskeyDirectory } from '../../src/adapters/postgres/stores/passkey-directory.ts';
import { PostgresRefreshTokenStore } from '../../src/adapters/postgres/stores/refresh-token-store.ts';
import { PostgresSignInChallengeStore } from '../../src/adapters/postgres/stores/sign-in-challenge-store.ts';
import { PostgresSigningKeyStore } from '../../src/adapters/postgres/stores/signing-key-store.ts';
import { PostgresUnitOfWork } from '../../src/adapters/postgres/unit-of-work.ts';
import type { SealedText } from '../../src/application/ports/security/text-cipher.ts';
import type { AuditEntry } from '../../src/domain/audit/audit-entry.ts';
import type { CaseEvent } from '../../src/domain/cases/case.ts';
import type { Physician } from '../../src/domain/identity/physician.ts';
import type { StoreWorld } from '../contracts/stores/store-world.ts';
import { ignoreJobs } from './ignore-jobs.ts';
import { freshDatabase } from './postgres.ts';

const ALLOW_ANONYMOUS_CASES: Statement<never> = {
  text: 'UPDATE installation SET anonymous_cases = $1::boolean',
};
/** A physician as it is read, and the times that nothing reads. */
const PLANTED_PHYSICIAN_COLUMNS = {
  ...PHYSICIAN_COLUMNS,
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
};
const PLANT_PHYSICIAN: Statement<never> = { text: insertInto('physicians', PLANTED_PHYSICIAN_COLUMNS) };
const ASSIGN_CASE: Statement<never> = {
  text: `UPDATE cases SET state = 'assigned', physician_uuid = $2::uuid WHERE uuid = $1::uuid`,
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
    refreshTokenStore: new PostgresRefreshTokenStore(statements),
    failureCounters: new PostgresFailureCounterStore(statements),
    oneTimeTokenDirectory: new PostgresOneTimeTokenDirectory(statements),
    passkeyDirectory: new PostgresPasskeyDirectory(statements),
    passkeyChallenges: new PostgresPasskeyChallengeStore(statements),
    signInChallenges: new PostgresSignInChallengeStore(statements),
    signingKeyStore: new PostgresSigningKeyStore(kysely),
    dataKeyStore: new PostgresDataKeyStore(statements),
    allowAnonymousCases: async (allowed) => {
      await statements.run(ALLOW_ANONYMOUS_CASES, [allowed]);
    },
    plantPhysician: async (physician) => {
      const now = new Date();
      const row = { ...rowOfPhysician(physician), created_at: now, updated_at: now };
      await statements.run(PLANT_PHYSICIAN, parametersOf(PLANTED_PHYSICIAN_COLUMNS, row));
    },
    assignCase: async (id, physicianId) => {
      await statements.run(ASSIGN_CASE, [id, physicianId]);
    },
    readAudit: async (tenantId) => (await statements.run(READ_AUDIT, [tenantId])).map(entryOf),
    readEvents: async (id) => (await statements.run(READ_EVENTS, [id])).map(eventOf),
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

const rowOfPhysician = (physician: Physician): PhysicianRow => ({
  uuid: physician.id,
  tenant_uuid: physician.tenantId,
  user_uuid: physician.userId,
  language_preference: physician.languagePreference,
  languages: physician.languages,
  private_pool: physician.privatePool,
  vacation_mode: physician.vacationMode,
  max_open_cases: physician.maxOpenCases,
});

const sealedOf = ([row]: readonly SealedRow[]): SealedText | null =>
  row?.key_uuid && row.bytes ? { keyId: row.key_uuid, bytes: row.bytes } : null;

const eventOf = (row: CaseEventRow): CaseEvent => ({
  id: row.uuid,
  caseId: row.case_uuid,
  type: row.type,
  from: row.from_state,
  to: row.to_state,
  version: row.version,
  actorId: row.actor_uuid,
  at: row.at,
});

const entryOf = (row: AuditRow): AuditEntry => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  actor: row.actor_kind === 'user' ? { kind: 'user', id: row.actor_id! } : { kind: row.actor_kind },
  action: row.action,
  subject: row.subject_type === null ? null : { type: row.subject_type, id: row.subject_id! },
  at: row.at,
  details: row.details,
});
