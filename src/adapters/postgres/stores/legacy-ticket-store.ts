import type { LegacyTicketStore } from '../../../application/ports/stores/legacy-ticket-store.ts';
import type { LegacyTicket } from '../../../domain/legacy/legacy-ticket.ts';
import { columnList, parametersOf } from '../columns.ts';
import { insertAndPurge } from '../insert-and-purge.ts';
import {
  LEGACY_TICKET_COLUMNS,
  type LegacyTicketRow,
  legacyTicketOfRow,
  rowOfLegacyTicket,
} from '../rows/legacy-ticket-row.ts';
import type { Statement, Statements } from '../statements.ts';

const ADD: Statement<never> = {
  text: insertAndPurge('legacy_tickets', LEGACY_TICKET_COLUMNS, 'ticket_hash'),
};

const TAKE: Statement<LegacyTicketRow> = {
  text: `DELETE FROM legacy_tickets WHERE ticket_hash = $1::bytea AND $2::timestamptz < expires_at
    RETURNING ${columnList(LEGACY_TICKET_COLUMNS)}`,
};

/** Tickets for legacy sessions, in PostgreSQL. */
export class PostgresLegacyTicketStore implements LegacyTicketStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async add(ticket: LegacyTicket): Promise<void> {
    await this.#statements.run(ADD, parametersOf(LEGACY_TICKET_COLUMNS, rowOfLegacyTicket(ticket)));
  }

  async take(hash: Uint8Array, now: Date): Promise<LegacyTicket | null> {
    const [row] = await this.#statements.run(TAKE, [hash, now]);
    return row ? legacyTicketOfRow(row) : null;
  }
}
