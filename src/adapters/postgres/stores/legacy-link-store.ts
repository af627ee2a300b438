import type { SealedText } from '../../../application/ports/security/text-cipher.ts';
import type {
  ClaimStatus,
  LegacyLinkStore,
  StampedCase,
  StoredLink,
  UnstampedBatch,
} from '../../../application/ports/stores/legacy-link-store.ts';
import { IdentifierTaken } from '../../../domain/legacy/errors.ts';
import { CLAIM_STATUSES, type LegacyLink } from '../../../domain/legacy/legacy-link.ts';
import type { LegacyRecord } from '../../../domain/legacy/legacy-record.ts';
import type { BatchRunId, CaseId, LegacyLinkId, TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { type Page, type PageRequest, pageOf } from '../../../domain/shared/page.ts';
import { arraysIn, arraysOf, columnList, insertInto, literals, parametersOf } from '../columns.ts';
import { afterPosition, NEWEST_FIRST, positionOf } from '../keyset.ts';
import type { LegacyShape } from '../legacy/legacy-shape.ts';
import { stampRequests, unstampRequests } from '../legacy/stamps.ts';
import { unstampRun } from '../legacy/unstamp-run.ts';
import { LEGACY_LINK_COLUMNS, type LegacyLinkRow, linkOfRow, rowOfLink } from '../rows/legacy-link-row.ts';
import type { Statement, Statements } from '../statements.ts';

const SELECT = `SELECT ${columnList(LEGACY_LINK_COLUMNS)} FROM legacy_links WHERE tenant_uuid = $1::uuid`;
const CLAIMS = literals(CLAIM_STATUSES);
const OPEN = `status IN ('candidate', ${CLAIMS}, 'linked')`;
const UNPROVEN = `known.status IN ('candidate', 'pending')`;

const CLAIM: Statement<LegacyLinkRow> = {
  text: `${insertInto('legacy_links AS known', LEGACY_LINK_COLUMNS)}
    ON CONFLICT (user_uuid, identifier_hash) WHERE ${OPEN} DO UPDATE SET
      status = CASE known.status WHEN 'candidate' THEN 'pending' ELSE known.status END,
      code_hash = CASE WHEN ${UNPROVEN} THEN coalesce(excluded.code_hash, known.code_hash) END,
      code_expires_at = CASE WHEN ${UNPROVEN} THEN coalesce(excluded.code_expires_at, known.code_expires_at) END,
      updated_at = excluded.updated_at, version = known.version + 1
    RETURNING ${columnList(LEGACY_LINK_COLUMNS, 'known')}`,
};

const ADD_CANDIDATES: Statement<never> = {
  text: `INSERT INTO legacy_links (${columnList(LEGACY_LINK_COLUMNS)}) SELECT * FROM unnest(${arraysIn(LEGACY_LINK_COLUMNS)})
    ON CONFLICT (user_uuid, identifier_hash) WHERE ${OPEN} DO NOTHING`,
};

const SAVE: Statement<Pick<LegacyLinkRow, 'uuid'>> = {
  text: `UPDATE legacy_links SET status = $4::text, proof = $5::text, code_hash = $6::bytea, code_expires_at = $7::timestamptz,
      decided_by = $8::uuid, updated_at = $9::timestamptz, version = version + 1,
      reason = coalesce($10::bytea, reason), reason_key_uuid = coalesce($11::uuid, reason_key_uuid)
    WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND version = $3::integer - 1 RETURNING uuid`,
  refusals: { legacy_links_linked_key: () => new IdentifierTaken() },
};

const FIND: Statement<LegacyLinkRow> = { text: `${SELECT} AND uuid = $2::uuid` };

const LIST_OF: Statement<LegacyLinkRow> = {
  text: `${SELECT} AND user_uuid = $2::uuid AND ${afterPosition(3)} ${NEWEST_FIRST} LIMIT $5::integer`,
};

const LIST_CLAIMS: Statement<LegacyLinkRow> = {
  text: `${SELECT} AND status IN (${CLAIMS}) AND status = coalesce($2::text, status)
    AND ${afterPosition(3)} ${NEWEST_FIRST} LIMIT $5::integer`,
};

const LIST_LINKED: Statement<LegacyLinkRow> = {
  text: `${SELECT} AND user_uuid = $2::uuid AND status = 'linked' ORDER BY created_at, uuid`,
};

const COUNT_STAMPED: Statement<{ readonly count: number }> = {
  text: `SELECT count(*)::integer AS count FROM legacy_stamps WHERE tenant_uuid = $1::uuid AND link_uuid = $2::uuid`,
};

const HOLD: Statement<Pick<LegacyLinkRow, 'uuid'>> = {
  text: `SELECT uuid FROM legacy_links WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND status = 'linked' FOR SHARE`,
};

const HOLD_RUN: Statement<{ readonly uuid: BatchRunId }> = {
  text: 'SELECT uuid FROM batch_runs WHERE uuid = $1::uuid AND finished_at IS NULL AND undone_at IS NULL FOR SHARE',
};

/** Links between the accounts of one tenant and legacy identifiers, in PostgreSQL. */
export class PostgresLegacyLinkStore implements LegacyLinkStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;
  readonly #shape: LegacyShape;

  constructor(statements: Statements, tenantId: TenantId, shape: LegacyShape) {
    this.#statements = statements;
    this.#tenantId = tenantId;
    this.#shape = shape;
  }

  async claim(stored: StoredLink): Promise<LegacyLink> {
    const [row] = await this.#statements.run(CLAIM, parametersOf(LEGACY_LINK_COLUMNS, this.#rowOf(stored)));
    if (!row) throw new Error('A claim was neither added nor found.');
    return linkOfRow(row);
  }

  async addCandidates(candidates: readonly StoredLink[]): Promise<void> {
    const rows = candidates.map((candidate) => this.#rowOf(candidate));
    await this.#statements.run(ADD_CANDIDATES, arraysOf(LEGACY_LINK_COLUMNS, rows));
  }

  async save(link: LegacyLink, reason: SealedText | null): Promise<boolean> {
    assertOwnTenant(this.#tenantId, link);
    const { code, decidedBy, id, proof, status, updatedAt, version } = link;
    const saved = await this.#statements.run(SAVE, [
      ...[this.#tenantId, id, version, status, proof, code?.hash ?? null, code?.expiresAt ?? null],
      ...[decidedBy, updatedAt, reason?.bytes ?? null, reason?.keyId ?? null],
    ]);
    return saved.length > 0;
  }

  async find(id: LegacyLinkId): Promise<StoredLink | null> {
    const [row] = await this.#statements.run(FIND, [this.#tenantId, id]);
    return row ? linkOfRow(row) : null;
  }

  async listOf(userId: UserId, request: PageRequest): Promise<Page<StoredLink>> {
    return this.#page(LIST_OF, userId, request);
  }

  async listClaims(status: ClaimStatus | null, request: PageRequest): Promise<Page<StoredLink>> {
    return this.#page(LIST_CLAIMS, status, request);
  }

  async listLinked(userId: UserId): Promise<readonly StoredLink[]> {
    return (await this.#statements.run(LIST_LINKED, [this.#tenantId, userId])).map(linkOfRow);
  }

  async stamp(
    link: Pick<LegacyLink, 'id' | 'userId'>,
    records: readonly LegacyRecord[],
    runId: BatchRunId | null,
    now: Date,
  ): Promise<readonly StampedCase[]> {
    const stamp = { ...link, tenantId: this.#tenantId, runId, now };
    return stampRequests(this.#statements, this.#shape, stamp, records);
  }

  async unstamp(linkId: LegacyLinkId): Promise<readonly StampedCase[]> {
    return unstampRequests(this.#statements, this.#tenantId, linkId);
  }

  async countStamped(linkId: LegacyLinkId): Promise<number> {
    return (await this.#statements.run(COUNT_STAMPED, [this.#tenantId, linkId]))[0]?.count ?? 0;
  }

  async hold(linkId: LegacyLinkId): Promise<boolean> {
    return (await this.#statements.run(HOLD, [this.#tenantId, linkId])).length > 0;
  }

  async holdRun(runId: BatchRunId): Promise<boolean> {
    return (await this.#statements.run(HOLD_RUN, [runId])).length > 0;
  }

  async unstampRun(runId: BatchRunId, after: CaseId | null, limit: number): Promise<UnstampedBatch> {
    return unstampRun(this.#statements, { tenantId: this.#tenantId, runId }, after, limit);
  }

  async #page(
    statement: Statement<LegacyLinkRow>,
    key: string | null,
    request: PageRequest,
  ): Promise<Page<StoredLink>> {
    const parameters = [this.#tenantId, key, ...positionOf(request), request.limit + 1];
    return pageOf((await this.#statements.run(statement, parameters)).map(linkOfRow), request.limit);
  }

  #rowOf(stored: StoredLink): LegacyLinkRow {
    assertOwnTenant(this.#tenantId, stored);
    return rowOfLink(stored);
  }
}
