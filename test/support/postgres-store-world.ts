import { CompiledQuery, type Selectable } from 'kysely';
import { openDatabase } from '../../src/adapters/postgres/database.ts';
import { PoolStatements } from '../../src/adapters/postgres/pool-statements.ts';
import type { Schema } from '../../src/adapters/postgres/schema.ts';
import { PostgresAccountDirectory } from '../../src/adapters/postgres/stores/account-directory.ts';
import { PostgresDataKeyStore } from '../../src/adapters/postgres/stores/data-key-store.ts';
import { PostgresFailureCounterStore } from '../../src/adapters/postgres/stores/failure-counter-store.ts';
import { PostgresRefreshTokenStore } from '../../src/adapters/postgres/stores/refresh-token-store.ts';
import { PostgresSigningKeyStore } from '../../src/adapters/postgres/stores/signing-key-store.ts';
import { PostgresUnitOfWork } from '../../src/adapters/postgres/unit-of-work.ts';
import type { AuditEntry } from '../../src/domain/audit/audit-entry.ts';
import type { StoreWorld } from '../contracts/stores/store-world.ts';
import { freshDatabase } from './postgres.ts';

/** A world on a database of its own. */
export interface PostgresStoreWorld extends StoreWorld {
  readonly url: string;
  /** Runs SQL that no port has. */
  readonly sql: (text: string, parameters?: readonly unknown[]) => Promise<readonly unknown[]>;
  readonly close: () => Promise<void>;
}

/** The PostgreSQL adapters on a fresh database, for the store contracts and for what they cannot see. */
export async function postgresStoreWorld(): Promise<PostgresStoreWorld> {
  const { url, drop } = await freshDatabase();
  const { kysely, close } = openDatabase({ url, prepared: true });
  const statements = new PoolStatements(kysely);
  return {
    unitOfWork: new PostgresUnitOfWork(kysely),
    accountDirectory: new PostgresAccountDirectory(statements),
    refreshTokenStore: new PostgresRefreshTokenStore(statements),
    failureCounters: new PostgresFailureCounterStore(statements),
    signingKeyStore: new PostgresSigningKeyStore(kysely),
    dataKeyStore: new PostgresDataKeyStore(statements),
    plantPhysician: async (physician) => {
      const { id, tenantId, userId, languagePreference, languages, privatePool } = physician;
      const { vacationMode, maxOpenCases } = physician;
      await kysely
        .insertInto('physicians')
        .values({
          uuid: id,
          tenant_uuid: tenantId,
          user_uuid: userId,
          language_preference: languagePreference,
          languages,
          private_pool: privatePool,
          vacation_mode: vacationMode,
          max_open_cases: maxOpenCases,
          created_at: new Date(),
          updated_at: new Date(),
        })
        .execute();
    },
    assignCase: async (id, physicianId) => {
      const assigned = { state: 'assigned', physician_uuid: physicianId } as const;
      await kysely.updateTable('cases').set(assigned).where('uuid', '=', id).execute();
    },
    readAudit: async (tenantId) => {
      const entries = kysely.selectFrom('audit_entries').selectAll().where('tenant_uuid', '=', tenantId);
      return (await entries.orderBy('at').execute()).map(entryOf);
    },
    readEvents: async (id) => {
      const events = kysely.selectFrom('case_events').selectAll().where('case_uuid', '=', id);
      return (await events.orderBy('version').execute()).map((row) => ({
        id: row.uuid,
        caseId: row.case_uuid,
        type: row.type,
        from: row.from_state,
        to: row.to_state,
        version: row.version,
        actorId: row.actor_uuid,
        at: row.at,
      }));
    },
    url,
    sql: async (text, parameters = []) =>
      (await kysely.executeQuery(CompiledQuery.raw(text, [...parameters]))).rows,
    close: async () => {
      await close();
      await drop();
    },
  };
}

const entryOf = (row: Selectable<Schema['audit_entries']>): AuditEntry => ({
  id: row.uuid,
  tenantId: row.tenant_uuid!,
  actor: row.actor_kind === 'user' ? { kind: 'user', id: row.actor_id! } : { kind: row.actor_kind },
  action: row.action,
  subject: row.subject_type === null ? null : { type: row.subject_type, id: row.subject_id! },
  at: row.at,
  details: row.details,
});
