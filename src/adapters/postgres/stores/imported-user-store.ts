import type {
  ImportedUser,
  ImportedUserStore,
} from '../../../application/ports/stores/imported-user-store.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { Statement, Statements } from '../statements.ts';

const ADD: Statement<never> = {
  text: `INSERT INTO imported_users (run_uuid, line, tenant_uuid, user_uuid)
    VALUES ($1::uuid, $2::integer, $3::uuid, $4::uuid)`,
};

/** Which accounts of one tenant came from which line of which file, in PostgreSQL. */
export class PostgresImportedUserStore implements ImportedUserStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;

  constructor(statements: Statements, tenantId: TenantId) {
    this.#statements = statements;
    this.#tenantId = tenantId;
  }

  async add({ runId, line, userId }: ImportedUser): Promise<void> {
    await this.#statements.run(ADD, [runId, line, this.#tenantId, userId]);
  }
}
