import type {
  KnownStamp,
  LegacyReconciliation,
  ListedFinding,
} from '../../../application/ports/legacy/legacy-reconciliation.ts';
import type { LegacyIdentifierKind } from '../../../domain/legacy/legacy-identifier.ts';
import { CLAIM_STATUSES, type LinkStatus } from '../../../domain/legacy/legacy-link.ts';
import { type LegacyRecord, recordOf } from '../../../domain/legacy/legacy-record.ts';
import type { CaseId } from '../../../domain/shared/ids.ts';
import { literals } from '../columns.ts';
import type { Statement, Statements } from '../statements.ts';
import { fromId, unseen } from './id-range.ts';
import { indexableOf, requestColumns, type RequestRow } from './indexable-row.ts';
import type { LegacyShape, LegacyStatement } from './legacy-shape.ts';

/** Octets of a keyed hash. */
const HASH_LENGTH = 32;

interface StampRow {
  readonly request_uuid: string;
  readonly user_uuid: string;
  readonly link_uuid: string;
  readonly status: LinkStatus;
  readonly identifier_hash: Uint8Array;
}

interface IdRow {
  readonly uuid: string;
}

const STAMPS_OF: Statement<StampRow> = {
  text: `SELECT stamp.request_uuid, stamp.user_uuid, stamp.link_uuid, link.status, link.identifier_hash
    FROM legacy_stamps AS stamp JOIN legacy_links AS link ON link.uuid = stamp.link_uuid
    WHERE stamp.request_uuid = ANY ($1::uuid[])`,
};

const NEXT_LINKS = (condition: string): Statement<IdRow> => ({
  text: `SELECT link.uuid FROM legacy_links AS link WHERE ${condition} AND link.uuid >= $1::uuid
    ORDER BY link.uuid LIMIT $2::integer`,
});

const LIST: Readonly<Record<ListedFinding, Statement<IdRow>>> = {
  'row-gone': {
    text: `SELECT stamp.request_uuid AS uuid FROM legacy_stamps AS stamp WHERE stamp.request_uuid >= $1::uuid
        AND NOT EXISTS (SELECT FROM rn_requests WHERE rn_requests.uuid = stamp.request_uuid)
      ORDER BY stamp.request_uuid LIMIT $2::integer`,
  },
  'link-without-rows': NEXT_LINKS(
    `link.status = 'linked' AND NOT EXISTS (SELECT FROM legacy_stamps AS stamp WHERE stamp.link_uuid = link.uuid)`,
  ),
  'claim-open': NEXT_LINKS(`link.status IN (${literals(CLAIM_STATUSES)})`),
  'candidate-unclaimed': NEXT_LINKS(`link.status = 'candidate'`),
  'never-linked': {
    text: `SELECT DISTINCT imported.user_uuid AS uuid FROM imported_users AS imported
        JOIN users ON users.uuid = imported.user_uuid AND users.role = 'patient' AND users.is_active
      WHERE imported.user_uuid >= $1::uuid AND NOT EXISTS (
        SELECT FROM legacy_links AS link WHERE link.user_uuid = imported.user_uuid AND link.status = 'linked'
      )
      ORDER BY imported.user_uuid LIMIT $2::integer`,
  },
};

type SharedKind = Exclude<LegacyIdentifierKind, 'legacy_user_id'>;

/** The columns of the index are named after the kinds. */
const listShared =
  (column: SharedKind): LegacyStatement<RequestRow> =>
  (columns) => ({
    text: `SELECT ${requestColumns(columns, 'request')} FROM (
      SELECT min(request_uuid::text)::uuid AS uuid FROM legacy_index
      WHERE ${column} >= $1::bytea AND ($2::bytea IS NULL OR ${column} < $2::bytea)
      GROUP BY ${column} HAVING count(DISTINCT legacy_user_id) > 1
    ) AS shared JOIN rn_requests AS request ON request.uuid = shared.uuid ORDER BY request.uuid`,
  });

const LIST_SHARED: Readonly<Record<SharedKind, LegacyStatement<RequestRow>>> = {
  national_id: listShared('national_id'),
  phone: listShared('phone'),
  email: listShared('email'),
};

/** The least hash of a part; `null` beyond the last one. */
function startOf(part: number, parts: number): Uint8Array | null {
  if (part >= parts) return null;
  const least = Buffer.alloc(HASH_LENGTH);
  least[0] = Math.ceil((part * 256) / parts);
  return least;
}

/** What comparing the two worlds needs, in PostgreSQL. */
export class PostgresLegacyReconciliation implements LegacyReconciliation {
  readonly #statements: Statements;
  readonly #shape: LegacyShape;

  constructor(statements: Statements, shape: LegacyShape) {
    this.#statements = statements;
    this.#shape = shape;
  }

  async stampsOf(caseIds: readonly CaseId[]): Promise<readonly KnownStamp[]> {
    if (caseIds.length === 0) return [];
    const rows = await this.#statements.run(STAMPS_OF, [caseIds]);
    return rows.map((row) => ({
      caseId: row.request_uuid,
      userId: row.user_uuid,
      link: { id: row.link_uuid, status: row.status, identifierHash: row.identifier_hash },
    }));
  }

  async list(finding: ListedFinding, after: string | null, limit: number): Promise<readonly string[]> {
    const rows = await this.#statements.run(LIST[finding], [fromId(after), limit + 1]);
    return unseen(rows, after)
      .slice(0, limit)
      .map(({ uuid }) => uuid);
  }

  async listShared(kind: SharedKind, part: number, parts: number): Promise<readonly LegacyRecord[]> {
    const range = [startOf(part, parts), startOf(part + 1, parts)];
    const rows = await this.#shape.run(this.#statements, LIST_SHARED[kind], range);
    return rows.map((row) => recordOf(indexableOf(row)));
  }
}
