import type { Kysely } from 'kysely';
import type { VendorDirectory } from '../../application/ports/legacy/vendor-directory.ts';
import type { Stores, UnitOfWork, Work } from '../../application/ports/unit-of-work.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { EnqueueJob } from './enqueue-job.ts';
import { inTransaction } from './in-transaction.ts';
import { LegacyCases } from './legacy/legacy-cases.ts';
import { LegacyRowColumns } from './legacy/legacy-row-columns.ts';
import { LegacyShape } from './legacy/legacy-shape.ts';
import { PoolStatements } from './pool-statements.ts';
import type { Statements } from './statements.ts';
import { PostgresAuditTrail } from './stores/audit-trail.ts';
import { PostgresBreakGlassStore } from './stores/break-glass-store.ts';
import { PostgresCaseStore } from './stores/case-store.ts';
import { PostgresIdempotencyKeyStore } from './stores/idempotency-key-store.ts';
import { PostgresImportedUserStore } from './stores/imported-user-store.ts';
import { PostgresLegacyLinkStore } from './stores/legacy-link-store.ts';
import { PostgresMfaResetStore } from './stores/mfa-reset-store.ts';
import { PostgresOneTimeTokenStore } from './stores/one-time-token-store.ts';
import { type OutboxAccess, PostgresOutbox } from './stores/outbox.ts';
import { PostgresPhysicianStore } from './stores/physician-store.ts';
import { PostgresSecondFactorStore } from './stores/second-factor-store.ts';
import { PostgresSessionStore } from './stores/session-store.ts';
import { PostgresSignInChallengeStore } from './stores/sign-in-challenge-store.ts';
import { PostgresTenantStore } from './stores/tenant-store.ts';
import { PostgresUserStore } from './stores/user-store.ts';

/** Units of work on PostgreSQL: one transaction each (READ COMMITTED), repeated after a serialization failure or a deadlock. */
export class PostgresUnitOfWork implements UnitOfWork {
  readonly #kysely: Kysely<unknown>;
  readonly #enqueue: EnqueueJob;
  readonly #pool: Statements;
  readonly #legacyShape: LegacyShape;
  readonly #legacyRowColumns: LegacyRowColumns;
  readonly #legacyCases: LegacyCases;

  /**
   * @param enqueue adds the job of each entry of the outbox, within the entry's transaction
   * @param vendors whose legacy cases are which tenant's; none is listed unless told
   * @param shape of the legacy service's table, which others look at too
   */
  constructor(
    kysely: Kysely<unknown>,
    enqueue: EnqueueJob,
    vendors?: VendorDirectory,
    shape = new LegacyShape(),
  ) {
    this.#legacyShape = shape;
    this.#legacyRowColumns = new LegacyRowColumns(shape);
    this.#legacyCases = new LegacyCases(vendors, shape);
    this.#kysely = kysely;
    this.#enqueue = enqueue;
    this.#pool = new PoolStatements(kysely);
  }

  stores(tenantId: TenantId): Stores {
    return this.#storesOn(this.#pool, tenantId, (work) => inTransaction(this.#kysely, work));
  }

  async run<T>(tenantId: TenantId, work: Work<keyof Stores, T>): Promise<T> {
    return inTransaction(this.#kysely, (statements) => {
      const storesOf = (id: TenantId) => this.#storesOn(statements, id, (part) => part(statements));
      return work(storesOf(tenantId), storesOf);
    });
  }

  #storesOn(statements: Statements, tenantId: TenantId, atomically: OutboxAccess['atomically']): Stores {
    return {
      users: new PostgresUserStore(statements, tenantId),
      physicians: new PostgresPhysicianStore(statements, tenantId),
      sessions: new PostgresSessionStore(statements, tenantId),
      tenants: new PostgresTenantStore(statements),
      cases: new PostgresCaseStore(statements, tenantId, this.#legacyRowColumns, this.#legacyCases),
      breakGlass: new PostgresBreakGlassStore(statements, tenantId),
      legacyLinks: new PostgresLegacyLinkStore(statements, tenantId, this.#legacyShape),
      audit: new PostgresAuditTrail(statements, tenantId),
      oneTimeTokens: new PostgresOneTimeTokenStore(statements, tenantId),
      secondFactors: new PostgresSecondFactorStore(statements, tenantId),
      signInChallenges: new PostgresSignInChallengeStore(statements),
      mfaResets: new PostgresMfaResetStore(statements, tenantId),
      outbox: new PostgresOutbox({ statements, atomically, enqueue: this.#enqueue }, tenantId),
      idempotencyKeys: new PostgresIdempotencyKeyStore(statements, tenantId),
      importedUsers: new PostgresImportedUserStore(statements, tenantId),
    };
  }
}
