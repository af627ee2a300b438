import type { PhysicianStore } from '../../../application/ports/stores/physician-store.ts';
import type { Assignable } from '../../../domain/cases/eligibility.ts';
import { PhysicianConflict, PhysicianExists } from '../../../domain/identity/errors.ts';
import type { Physician } from '../../../domain/identity/physician.ts';
import {
  DEFAULT_TENANT_ID,
  type PhysicianId,
  type TenantId,
  type UserId,
} from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { type Page, type PageRequest, pageOf } from '../../../domain/shared/page.ts';
import { IS_OPEN } from '../cases/open-cases.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import { afterPosition, NEWEST_FIRST, positionOf } from '../keyset.ts';
import { type AssignableRow, assignableOfRow } from '../rows/assignable-row.ts';
import {
  PHYSICIAN_COLUMNS,
  type PhysicianRow,
  physicianOfRow,
  rowOfPhysician,
} from '../rows/physician-row.ts';
import type { Statement, Statements } from '../statements.ts';

const SELECT = `SELECT ${columnList(PHYSICIAN_COLUMNS)} FROM physicians WHERE tenant_uuid = $1::uuid`;

const FIND: Statement<PhysicianRow> = { text: `${SELECT} AND uuid = $2::uuid` };

const FIND_BY_USER: Statement<PhysicianRow> = { text: `${SELECT} AND user_uuid = $2::uuid` };

const LIST: Statement<PhysicianRow> = {
  text: `${SELECT} AND ${afterPosition(2)} ${NEWEST_FIRST} LIMIT $4::integer`,
};

const ADD: Statement<never> = {
  text: insertInto('physicians', PHYSICIAN_COLUMNS),
  refusals: { physicians_user_key: () => new PhysicianExists() },
};

const SAVE: Statement<Pick<PhysicianRow, 'uuid'>> = {
  text: `UPDATE physicians SET language_preference = $3::text, languages = $4::text[], private_pool = $5::text,
      vacation_mode = $6::boolean, max_open_cases = $7::integer, updated_at = $8::timestamptz, version = $9::integer
    WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND version = $9::integer - 1
    RETURNING uuid`,
};

/** Of the tenant `$1` itself, or of the practice, which serves every tenant. */
const SERVES = `physicians.tenant_uuid IN ($1::uuid, '${DEFAULT_TENANT_ID}') AND physicians.uuid = $2::uuid`;
const OF_USER = 'users.tenant_uuid = physicians.tenant_uuid AND users.uuid = physicians.user_uuid';

const FIND_ASSIGNABLE: Statement<AssignableRow> = {
  text: `SELECT ${columnList(PHYSICIAN_COLUMNS, 'physicians')}, users.is_active, users.role,
      (SELECT count(*)::integer FROM cases WHERE physician_uuid = physicians.uuid AND ${IS_OPEN}) AS open_cases
    FROM physicians JOIN users ON ${OF_USER} WHERE ${SERVES}`,
};

// The account first, as whoever changes it does, and then what the physician is. His cases are counted by a later statement, which sees
// what was given to him before he was held.
const HOLD: Statement<Pick<PhysicianRow, 'uuid'>> = {
  text: `WITH account AS MATERIALIZED (
      SELECT users.uuid FROM users JOIN physicians ON ${OF_USER} WHERE ${SERVES} FOR SHARE OF users
    )
    SELECT physicians.uuid FROM physicians JOIN account ON account.uuid = physicians.user_uuid
    WHERE ${SERVES} FOR NO KEY UPDATE OF physicians`,
};

/** The physicians of one tenant, in PostgreSQL. */
export class PostgresPhysicianStore implements PhysicianStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;

  constructor(statements: Statements, tenantId: TenantId) {
    this.#statements = statements;
    this.#tenantId = tenantId;
  }

  async find(id: PhysicianId): Promise<Physician | null> {
    const [row] = await this.#statements.run(FIND, [this.#tenantId, id]);
    return row ? physicianOfRow(row) : null;
  }

  async findByUser(userId: UserId): Promise<Physician | null> {
    const [row] = await this.#statements.run(FIND_BY_USER, [this.#tenantId, userId]);
    return row ? physicianOfRow(row) : null;
  }

  async list(request: PageRequest): Promise<Page<Physician>> {
    const parameters = [this.#tenantId, ...positionOf(request), request.limit + 1];
    const rows = await this.#statements.run(LIST, parameters);
    return pageOf(rows.map(physicianOfRow), request.limit);
  }

  async add(physician: Physician): Promise<void> {
    assertOwnTenant(this.#tenantId, physician);
    await this.#statements.run(ADD, parametersOf(PHYSICIAN_COLUMNS, rowOfPhysician(physician)));
  }

  async save(physician: Physician): Promise<void> {
    assertOwnTenant(this.#tenantId, physician);
    const saved = await this.#statements.run(SAVE, [
      this.#tenantId,
      physician.id,
      physician.languagePreference,
      physician.languages,
      physician.privatePool,
      physician.vacationMode,
      physician.maxOpenCases,
      physician.updatedAt,
      physician.version,
    ]);
    if (saved.length === 0) throw new PhysicianConflict();
  }

  async findAssignable(id: PhysicianId): Promise<Assignable | null> {
    const [row] = await this.#statements.run(FIND_ASSIGNABLE, [this.#tenantId, id]);
    return row ? assignableOfRow(row) : null;
  }

  async lockAssignable(id: PhysicianId): Promise<Assignable | null> {
    await this.#statements.run(HOLD, [this.#tenantId, id]);
    return this.findAssignable(id);
  }
}
