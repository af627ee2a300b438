import type { AuditTrail } from '../../../application/ports/stores/audit-trail.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { insertInto, parametersOf } from '../columns.ts';
import { AUDIT_COLUMNS, rowOfAudit } from '../rows/audit-row.ts';
import type { Statement, Statements } from '../statements.ts';

const ADD: Statement<never> = { text: insertInto('audit_entries', AUDIT_COLUMNS) };

/** The audit trail of one tenant, in PostgreSQL. */
export class PostgresAuditTrail implements AuditTrail {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;

  constructor(statements: Statements, tenantId: TenantId) {
    this.#statements = statements;
    this.#tenantId = tenantId;
  }

  async add(entry: AuditEntry): Promise<void> {
    assertOwnTenant(this.#tenantId, entry);
    await this.#statements.run(ADD, parametersOf(AUDIT_COLUMNS, rowOfAudit(entry)));
  }
}
