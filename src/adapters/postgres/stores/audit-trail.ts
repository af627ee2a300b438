import type { AuditFilter, AuditTrail } from '../../../application/ports/stores/audit-trail.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { type Page, type PageRequest, pageOf } from '../../../domain/shared/page.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import { positionOf } from '../keyset.ts';
import { AUDIT_COLUMNS, type AuditRow, auditOfRow, rowOfAudit } from '../rows/audit-row.ts';
import type { Statement, Statements } from '../statements.ts';

const ADD: Statement<never> = { text: insertInto('audit_entries', AUDIT_COLUMNS) };

/** A column that an entry must have a value in. */
interface Narrowing {
  readonly column: 'subject_id' | 'actor_id' | 'action' | 'subject_type';
  readonly value: string;
}

/** What a filter asks of single columns; the one that lets the fewest pass comes first. */
function narrowingsOf({ action, actorId, subject }: AuditFilter): readonly Narrowing[] {
  const asked = [
    { column: 'subject_id', value: subject?.id ?? null },
    { column: 'actor_id', value: actorId },
    { column: 'action', value: action },
    { column: 'subject_type', value: subject?.type ?? null },
  ] as const;
  return asked.filter((narrowing): narrowing is Narrowing & typeof narrowing => narrowing.value !== null);
}

const lists = new Map<string, Statement<AuditRow>>();

/**
 * The statement that lists what such narrowings let pass. The first of them leads into its index, in the order of the list; the others
 * are written so that no index serves them, or the planner might read by one that many more entries pass.
 */
function listOf(narrowings: readonly Narrowing[]): Statement<AuditRow> {
  const columns = narrowings.map(({ column }) => column);
  const key = columns.join();
  const known = lists.get(key);
  if (known) return known;
  const conditions = columns.map(
    (column, index) => `AND ${column} ${index === 0 ? '=' : 'IS NOT DISTINCT FROM'} $${index + 7}::text`,
  );
  const list = {
    text: `SELECT ${columnList(AUDIT_COLUMNS)} FROM audit_entries
      WHERE tenant_uuid = $1::uuid AND at >= $2::timestamptz AND at < $3::timestamptz
        AND (at, uuid) < ($4::timestamptz, $5::uuid) ${conditions.join(' ')}
      ORDER BY at DESC, uuid DESC LIMIT $6::integer`,
  };
  lists.set(key, list);
  return list;
}

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

  async list(filter: AuditFilter, request: PageRequest): Promise<Page<AuditEntry>> {
    const narrowings = narrowingsOf(filter);
    const rows = await this.#statements.run(listOf(narrowings), [
      this.#tenantId,
      filter.from ?? '-infinity',
      filter.to ?? 'infinity',
      ...positionOf(request),
      request.limit + 1,
      ...narrowings.map(({ value }) => value),
    ]);
    const page = pageOf(
      rows.map((row) => ({ createdAt: row.at, id: row.uuid, row })),
      request.limit,
    );
    return { items: page.items.map(({ row }) => auditOfRow(row)), next: page.next };
  }
}
