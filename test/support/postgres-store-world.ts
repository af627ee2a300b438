import { CompiledQuery } from 'kysely';
import { columnList } from '../../src/adapters/postgres/columns.ts';
import { openDatabase } from '../../src/adapters/postgres/database.ts';
import type { EnqueueJob } from '../../src/adapters/postgres/enqueue-job.ts';
import { PostgresLegacyIndex } from '../../src/adapters/postgres/legacy/legacy-index.ts';
import { PostgresLegacyReconciliation } from '../../src/adapters/postgres/legacy/legacy-reconciliation.ts';
import { PostgresLegacyRequests } from '../../src/adapters/postgres/legacy/legacy-requests.ts';
import { LegacyShape } from '../../src/adapters/postgres/legacy/legacy-shape.ts';
import { ConnectPgSimpleSessions } from '../../src/adapters/postgres/legacy/connect-pg-simple-sessions.ts';
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
import { PostgresBatchRunStore } from '../../src/adapters/postgres/stores/batch-run-store.ts';
import { PostgresCaseTimers } from '../../src/adapters/postgres/stores/case-timers.ts';
import { PostgresDataKeyStore } from '../../src/adapters/postgres/stores/data-key-store.ts';
import { PostgresExpiredRecords } from '../../src/adapters/postgres/stores/expired-records.ts';
import { PostgresFailureCounterStore } from '../../src/adapters/postgres/stores/failure-counter-store.ts';
import { PostgresLegacyLinkDirectory } from '../../src/adapters/postgres/stores/legacy-link-directory.ts';
import { PostgresLegacyTicketStore } from '../../src/adapters/postgres/stores/legacy-ticket-store.ts';
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
import { GrowingVendors } from './growing-vendors.ts';
import { ignoreJobs } from './ignore-jobs.ts';
import { freshDatabase } from './postgres.ts';

const ALLOW_ANONYMOUS_CASES: Statement<never> = {
  text: 'UPDATE installation SET anonymous_cases = $1::boolean',
};
const USUAL_SESSIONS = { timeZone: 'UTC', subject: ['passport', 'user'] };
const WRITE_LEGACY_SESSION: Statement<never> = {
  text: `INSERT INTO nest_sessions (sid, sess, expire) VALUES ($1::text, $2::json, $3::timestamptz AT TIME ZONE 'UTC')
    ON CONFLICT (sid) DO UPDATE SET sess = excluded.sess, expire = excluded.expire`,
};
const WRITE_LEGACY_REQUEST: Statement<never> = {
  text: `INSERT INTO rn_requests (uuid, vendor_id, user_id, user_identifier, user_crypt, language, question, status, created_at)
    VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::timestamptz)
    ON CONFLICT (uuid) DO UPDATE SET vendor_id = excluded.vendor_id, user_id = excluded.user_id,
      user_identifier = excluded.user_identifier, user_crypt = excluded.user_crypt, language = excluded.language,
      question = excluded.question, status = excluded.status, created_at = excluded.created_at`,
};
const REMOVE_LEGACY_REQUEST: Statement<never> = { text: 'DELETE FROM rn_requests WHERE uuid = $1::uuid' };
const FORGET_LEGACY_INDEX: Statement<never> = {
  text: `WITH forgotten AS (DELETE FROM legacy_index)
    UPDATE legacy_index_state SET built_through = NULL, completed_at = NULL, compared_through = NULL, compared_at = NULL`,
};
const READ_LEGACY_OWNER: Statement<{ readonly owner: string | null }> = {
  text: 'SELECT user_uuid AS owner FROM rn_requests WHERE uuid = $1::uuid',
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
  const vendors = new GrowingVendors();
  return {
    unitOfWork: new PostgresUnitOfWork(kysely, enqueue, vendors),
    listVendor: (vendor) => {
      vendors.add(vendor);
    },
    accountDirectory: new PostgresAccountDirectory(statements),
    auditSeals: new PostgresAuditSealStore(statements),
    batchRuns: new PostgresBatchRunStore(statements),
    caseTimers: new PostgresCaseTimers(statements),
    refreshTokenStore: new PostgresRefreshTokenStore(statements),
    expiredRecords: new PostgresExpiredRecords(statements),
    legacyIndex: new PostgresLegacyIndex(statements, new LegacyShape()),
    legacyReconciliation: new PostgresLegacyReconciliation(statements, new LegacyShape()),
    legacyLinkDirectory: new PostgresLegacyLinkDirectory(statements),
    legacySessions: new ConnectPgSimpleSessions(statements, USUAL_SESSIONS),
    legacyTickets: new PostgresLegacyTicketStore(statements),
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
    writeLegacySession: async (sid, json, expiresAt) => {
      await statements.run(WRITE_LEGACY_SESSION, [sid, json, expiresAt]);
    },
    writeLegacyRequest: async (request) => {
      const { caseId, vendorId, userId, identifier, userCrypt, language, question, status, createdAt } =
        request;
      await statements.run(WRITE_LEGACY_REQUEST, [
        ...[caseId, vendorId, userId, identifier, userCrypt, language, question, status, createdAt],
      ]);
    },
    removeLegacyRequest: async (id) => {
      await statements.run(REMOVE_LEGACY_REQUEST, [id]);
    },
    forgetLegacyIndex: async () => {
      await statements.run(FORGET_LEGACY_INDEX, []);
    },
    openLegacyRequests: (now) =>
      new PostgresLegacyRequests(statements, new LegacyShape(), { now: () => now }),
    readLegacyOwner: async (id) => (await statements.run(READ_LEGACY_OWNER, [id]))[0]?.owner ?? null,
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
