import type { SealedText } from '../../../application/ports/security/text-cipher.ts';
import type { BreakGlassStore, StoredGrant } from '../../../application/ports/stores/break-glass-store.ts';
import type { BreakGlassGrant, GrantReview } from '../../../domain/cases/break-glass.ts';
import type { CaseId, GrantId, TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { type Page, type PageRequest, pageOf } from '../../../domain/shared/page.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import { afterPosition, NEWEST_FIRST, positionOf } from '../keyset.ts';
import {
  BREAK_GLASS_GRANT_COLUMNS,
  type BreakGlassGrantRow,
  grantOfRow,
  rowOfGrant,
  storedGrantOfRow,
} from '../rows/break-glass-grant-row.ts';
import type { Statement, Statements } from '../statements.ts';

const SELECT = `SELECT ${columnList(BREAK_GLASS_GRANT_COLUMNS)} FROM break_glass_grants WHERE tenant_uuid = $1::uuid`;

const ADD: Statement<never> = { text: insertInto('break_glass_grants', BREAK_GLASS_GRANT_COLUMNS) };

const FIND: Statement<BreakGlassGrantRow> = { text: `${SELECT} AND uuid = $2::uuid` };

const FIND_LIVE: Statement<BreakGlassGrantRow> = {
  text: `${SELECT} AND case_uuid = $2::uuid AND admin_uuid = $3::uuid AND expires_at > $4::timestamptz
    ORDER BY expires_at DESC, uuid DESC LIMIT 1`,
};

const LIST: Statement<BreakGlassGrantRow> = {
  text: `${SELECT} AND ${afterPosition(2)} ${NEWEST_FIRST} LIMIT $4::integer`,
};

const REVIEW: Statement<Pick<BreakGlassGrantRow, 'uuid'>> = {
  text: `UPDATE break_glass_grants
    SET reviewed_at = $3::timestamptz, reviewer_uuid = $4::uuid, outcome = $5::text, note = $6::bytea, note_key_uuid = $7::uuid
    WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND reviewed_at IS NULL RETURNING uuid`,
};

/** The leaves to read cases outside of one's role, of one tenant, in PostgreSQL. */
export class PostgresBreakGlassStore implements BreakGlassStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;

  constructor(statements: Statements, tenantId: TenantId) {
    this.#statements = statements;
    this.#tenantId = tenantId;
  }

  async add(grant: BreakGlassGrant, reason: SealedText): Promise<void> {
    assertOwnTenant(this.#tenantId, grant);
    await this.#statements.run(ADD, parametersOf(BREAK_GLASS_GRANT_COLUMNS, rowOfGrant(grant, reason)));
  }

  async find(id: GrantId): Promise<StoredGrant | null> {
    const [row] = await this.#statements.run(FIND, [this.#tenantId, id]);
    return row ? storedGrantOfRow(row) : null;
  }

  async findLive(caseId: CaseId, adminId: UserId, now: Date): Promise<BreakGlassGrant | null> {
    const [row] = await this.#statements.run(FIND_LIVE, [this.#tenantId, caseId, adminId, now]);
    return row ? grantOfRow(row) : null;
  }

  async list(request: PageRequest): Promise<Page<StoredGrant>> {
    const parameters = [this.#tenantId, ...positionOf(request), request.limit + 1];
    const rows = await this.#statements.run(LIST, parameters);
    return pageOf(rows.map(storedGrantOfRow), request.limit);
  }

  async review(id: GrantId, { at, outcome, reviewerId }: GrantReview, note: SealedText): Promise<boolean> {
    const parameters = [this.#tenantId, id, at, reviewerId, outcome, note.bytes, note.keyId];
    const reviewed = await this.#statements.run(REVIEW, parameters);
    return reviewed.length > 0;
  }
}
