import type { Outbox, OutboxEntry, OutboxOutcome } from '../../../application/ports/stores/outbox.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import type { EnqueueJob } from '../enqueue-job.ts';
import { OUTBOX_COLUMNS, type OutboxRow, outboxEntryOfRow, rowOfOutboxEntry } from '../rows/outbox-row.ts';
import type { Statement, Statements } from '../statements.ts';

const ADD: Statement<never> = { text: insertInto('outbox', OUTBOX_COLUMNS) };

const FIND: Statement<OutboxRow> = {
  text: `SELECT ${columnList(OUTBOX_COLUMNS)} FROM outbox
    WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND settled_at IS NULL`,
};

const SETTLE: Statement<Pick<OutboxRow, 'uuid'>> = {
  text: `UPDATE outbox SET payload = NULL, key_uuid = NULL, outcome = $3::text, settled_at = $4::timestamptz
    WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND settled_at IS NULL RETURNING uuid`,
};

const COUNT_SINCE: Statement<{ readonly count: number }> = {
  text: `SELECT count(*)::integer AS count FROM outbox
    WHERE tenant_uuid = $1::uuid AND recipient = $2::bytea AND created_at >= $3::timestamptz`,
};

/** How an outbox reaches the database. */
export interface OutboxAccess {
  readonly statements: Statements;
  /** Keeps all statements of the work, or none. */
  readonly atomically: (work: (statements: Statements) => Promise<void>) => Promise<void>;
  readonly enqueue: EnqueueJob;
}

/** The outbox of one tenant, in PostgreSQL. An entry and its job are kept together, also outside of a unit of work. */
export class PostgresOutbox implements Outbox {
  readonly #access: OutboxAccess;
  readonly #tenantId: TenantId;

  constructor(access: OutboxAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async add(entry: OutboxEntry): Promise<void> {
    assertOwnTenant(this.#tenantId, entry);
    const { id, tenantId, topic, dueAt } = entry;
    await this.#access.atomically(async (statements) => {
      await statements.run(ADD, parametersOf(OUTBOX_COLUMNS, rowOfOutboxEntry(entry)));
      await this.#access.enqueue(statements, { topic, tenantId, outboxId: id, dueAt });
    });
  }

  async find(id: string): Promise<OutboxEntry | null> {
    const [row] = await this.#access.statements.run(FIND, [this.#tenantId, id]);
    return row ? outboxEntryOfRow(row) : null;
  }

  async settle(id: string, outcome: OutboxOutcome, now: Date): Promise<boolean> {
    const settled = await this.#access.statements.run(SETTLE, [this.#tenantId, id, outcome, now]);
    return settled.length > 0;
  }

  async countSince(recipient: Uint8Array, since: Date): Promise<number> {
    const [row] = await this.#access.statements.run(COUNT_SINCE, [this.#tenantId, recipient, since]);
    return row?.count ?? 0;
  }
}
