import type { LegacyLinkDirectory } from '../../../application/ports/stores/legacy-link-directory.ts';
import type { StoredLink } from '../../../application/ports/stores/legacy-link-store.ts';
import type { LegacyLink } from '../../../domain/legacy/legacy-link.ts';
import type { BatchRunId, LegacyLinkId, TenantId } from '../../../domain/shared/ids.ts';
import { columnList } from '../columns.ts';
import { LOWEST_ID } from '../legacy/id-range.ts';
import { LEGACY_LINK_COLUMNS, type LegacyLinkRow, linkOfRow } from '../rows/legacy-link-row.ts';
import type { Statement, Statements } from '../statements.ts';

const SELECT = `SELECT ${columnList(LEGACY_LINK_COLUMNS)} FROM legacy_links WHERE status = 'linked'`;

const FIND: Statement<LegacyLinkRow> = { text: `${SELECT} AND identifier_hash = ANY ($1::bytea[])` };

const NEXT: Statement<LegacyLinkRow> = {
  text: `${SELECT} AND uuid > $1::uuid ORDER BY uuid LIMIT $2::integer`,
};

const COUNT: Statement<{ readonly count: number }> = {
  text: `SELECT count(*)::integer AS count FROM legacy_links WHERE status = 'linked'`,
};

const COUNT_STAMPED_BY: Statement<{ readonly tenant_uuid: string; readonly count: number }> = {
  text: `SELECT tenant_uuid, count(*)::integer AS count FROM legacy_stamps WHERE run_uuid = $1::uuid GROUP BY tenant_uuid`,
};

/** The links of all tenants that count, in PostgreSQL. */
export class PostgresLegacyLinkDirectory implements LegacyLinkDirectory {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async findLinked(identifierHashes: readonly Uint8Array[]): Promise<readonly LegacyLink[]> {
    if (identifierHashes.length === 0) return [];
    return (await this.#statements.run(FIND, [identifierHashes])).map(linkOfRow);
  }

  async nextLinked(after: LegacyLinkId | null, limit: number): Promise<readonly StoredLink[]> {
    return (await this.#statements.run(NEXT, [after ?? LOWEST_ID, limit])).map(linkOfRow);
  }

  async countLinked(): Promise<number> {
    return (await this.#statements.run(COUNT, []))[0]?.count ?? 0;
  }

  async countStampedBy(runId: BatchRunId): Promise<ReadonlyMap<TenantId, number>> {
    const rows = await this.#statements.run(COUNT_STAMPED_BY, [runId]);
    return new Map(rows.map(({ tenant_uuid, count }) => [tenant_uuid, count]));
  }
}
