import type { PhysicianStore } from '../../../application/ports/stores/physician-store.ts';
import type { Physician } from '../../../domain/identity/physician.ts';
import type { TenantId, UserId } from '../../../domain/shared/ids.ts';
import { columnList } from '../columns.ts';
import { PHYSICIAN_COLUMNS, type PhysicianRow, physicianOfRow } from '../rows/physician-row.ts';
import type { Statement, Statements } from '../statements.ts';

const FIND_BY_USER: Statement<PhysicianRow> = {
  text: `SELECT ${columnList(PHYSICIAN_COLUMNS)} FROM physicians
    WHERE tenant_uuid = $1::uuid AND user_uuid = $2::uuid`,
};

/** The physicians of one tenant, in PostgreSQL. */
export class PostgresPhysicianStore implements PhysicianStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;

  constructor(statements: Statements, tenantId: TenantId) {
    this.#statements = statements;
    this.#tenantId = tenantId;
  }

  async findByUser(userId: UserId): Promise<Physician | null> {
    const [row] = await this.#statements.run(FIND_BY_USER, [this.#tenantId, userId]);
    return row ? physicianOfRow(row) : null;
  }
}
