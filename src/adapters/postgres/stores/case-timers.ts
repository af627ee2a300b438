import type { CaseTimers, DueCase } from '../../../application/ports/stores/case-timers.ts';
import type { CaseRow } from '../rows/case-row.ts';
import type { Statement, Statements } from '../statements.ts';

const LIST_DUE: Statement<Pick<CaseRow, 'uuid' | 'tenant_uuid' | 'version'>> = {
  text: `SELECT uuid, tenant_uuid, version FROM cases WHERE timer_at <= $1::timestamptz
    ORDER BY timer_at, uuid LIMIT $2::integer`,
};

const SET_NEXT: Statement<never> = {
  text: `UPDATE cases SET timer_at = $4::timestamptz
    WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND version = $3::integer`,
};

/** When time has something to do with a case, over all tenants, in PostgreSQL. */
export class PostgresCaseTimers implements CaseTimers {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async listDue(now: Date, limit: number): Promise<readonly DueCase[]> {
    const rows = await this.#statements.run(LIST_DUE, [now, limit]);
    return rows.map((row) => ({ tenantId: row.tenant_uuid, caseId: row.uuid, version: row.version }));
  }

  async setNext({ tenantId, caseId, version }: DueCase, at: Date | null): Promise<void> {
    await this.#statements.run(SET_NEXT, [tenantId, caseId, version, at]);
  }
}
