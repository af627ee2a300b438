import type { Outbox, OutboxEntry, OutboxOutcome } from '../../../application/ports/stores/outbox.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import type { EnqueueJob } from '../enqueue-job.ts';
import { OUTBOX_COLUMNS, type OutboxRow, outboxEntryOfRow, rowOfOutboxEntry } from '../rows/outbox-row.ts';
import type { Statement, Statements } from '../statements.ts';

const ADD: Statement<never> = { text: insertInto('outbox', OUTBOX_COLUMNS) };

/** Entries for one recipient take turns by an advisory lock of this class ("MAIL" in ASCII), until their transactions end. */
const TURNS = 0x4d_41_49_4c;

const TAKE_TURN: Statement<never> = {
  text: 'SELECT pg_advisory_xact_lock($1::integer, $2::integer)',
};

// A statement of its own: one that waited for the turn itself would not see what was added while it waited.
const ADD_WITHIN: Statement<Pick<OutboxRow, 'uuid'>> = {
  text: `WITH room AS (
      SELECT FROM outbox WHERE tenant_uuid = $1::uuid AND recipient = $2::bytea AND created_at >= $3::timestamptz
      HAVING count(*) < $4::integer
    )
    ${insertInto('outbox', OUTBOX_COLUMNS, 5, 'room')} RETURNING uuid`,
};

const FIND: Statement<OutboxRow> = {
  text: `SELECT ${columnList(OUTBOX_COLUMNS)} FROM outbox
    WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND settled_at IS NULL`,
};

const SETTLE: Statement<Pick<OutboxRow, 'uuid'>> = {
  text: `UPDATE outbox SET payload = NULL, key_uuid = NULL, outcome = $3::text, settled_at = $4::timestamptz
    WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND settled_at IS NULL RETURNING uuid`,
};

/** How an outbox reaches the database. */
export interface OutboxAccess {
  readonly statements: Statements;
  /** Keeps all statements of the work, or none. */
  readonly atomically: <T>(work: (statements: Statements) => Promise<T>) => Promise<T>;
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
    await this.#access.atomically(async (statements) => {
      await statements.run(ADD, parametersOf(OUTBOX_COLUMNS, rowOfOutboxEntry(entry)));
      await this.#enqueue(statements, entry);
    });
  }

  async addWithin(entry: OutboxEntry, max: number, since: Date): Promise<boolean> {
    assertOwnTenant(this.#tenantId, entry);
    const row = parametersOf(OUTBOX_COLUMNS, rowOfOutboxEntry(entry));
    return this.#access.atomically(async (statements) => {
      await statements.run(TAKE_TURN, [TURNS, turnOf(entry)]);
      const added = await statements.run(ADD_WITHIN, [this.#tenantId, entry.recipient, since, max, ...row]);
      if (added.length === 0) return false;
      await this.#enqueue(statements, entry);
      return true;
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

  #enqueue(statements: Statements, { id, tenantId, topic, dueAt }: OutboxEntry): Promise<void> {
    return this.#access.enqueue(statements, { topic, tenantId, outboxId: id, dueAt });
  }
}

/** The recipient as a number: others that have the same by chance wait for each other, and are counted apart. */
const turnOf = ({ recipient }: OutboxEntry): number => Buffer.from(recipient).readInt32BE();
