import type { Kysely } from 'kysely';
import type { Stores, UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import { inTransaction } from './in-transaction.ts';
import { LegacyRequests } from './legacy-requests.ts';
import { PoolStatements } from './pool-statements.ts';
import type { Statements } from './statements.ts';
import { PostgresAuditTrail } from './stores/audit-trail.ts';
import { PostgresCaseStore } from './stores/case-store.ts';
import { PostgresPhysicianStore } from './stores/physician-store.ts';
import { PostgresSessionStore } from './stores/session-store.ts';
import { PostgresTenantStore } from './stores/tenant-store.ts';
import { PostgresUserStore } from './stores/user-store.ts';

/** Units of work on PostgreSQL: one transaction each (READ COMMITTED), repeated after a serialization failure or a deadlock. */
export class PostgresUnitOfWork implements UnitOfWork {
  readonly #kysely: Kysely<unknown>;
  readonly #pool: Statements;
  readonly #legacyRequests = new LegacyRequests();

  constructor(kysely: Kysely<unknown>) {
    this.#kysely = kysely;
    this.#pool = new PoolStatements(kysely);
  }

  stores(tenantId: TenantId): Stores {
    return this.#storesOn(this.#pool, tenantId);
  }

  async run<T>(tenantId: TenantId, work: (stores: Stores) => Promise<T>): Promise<T> {
    return inTransaction(this.#kysely, (statements) => work(this.#storesOn(statements, tenantId)));
  }

  #storesOn(statements: Statements, tenantId: TenantId): Stores {
    return {
      users: new PostgresUserStore(statements, tenantId),
      physicians: new PostgresPhysicianStore(statements, tenantId),
      sessions: new PostgresSessionStore(statements, tenantId),
      tenants: new PostgresTenantStore(statements),
      cases: new PostgresCaseStore(statements, tenantId, this.#legacyRequests),
      audit: new PostgresAuditTrail(statements, tenantId),
    };
  }
}
