import type { LegacyTicket } from '../../../domain/legacy/legacy-ticket.ts';
import type { Columns } from '../columns.ts';

/** A row of `legacy_tickets`. */
export interface LegacyTicketRow {
  readonly ticket_hash: Uint8Array;
  readonly sid: string;
  readonly vendor_id: string | null;
  readonly legacy_user_id: string | null;
  readonly identifier: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

/** The columns of {@link LegacyTicketRow}. */
export const LEGACY_TICKET_COLUMNS: Columns<LegacyTicketRow> = {
  ticket_hash: 'bytea',
  sid: 'text',
  vendor_id: 'text',
  legacy_user_id: 'text',
  identifier: 'text',
  created_at: 'timestamptz',
  expires_at: 'timestamptz',
};

/** The row of a ticket. */
export const rowOfLegacyTicket = (ticket: LegacyTicket): LegacyTicketRow => ({
  ticket_hash: ticket.hash,
  sid: ticket.sid,
  vendor_id: ticket.subject.vendorId,
  legacy_user_id: ticket.subject.userId,
  identifier: ticket.subject.identifier,
  created_at: ticket.createdAt,
  expires_at: ticket.expiresAt,
});

/** The ticket of a row. */
export const legacyTicketOfRow = (row: LegacyTicketRow): LegacyTicket => ({
  hash: row.ticket_hash,
  sid: row.sid,
  subject: { userId: row.legacy_user_id, identifier: row.identifier, vendorId: row.vendor_id },
  createdAt: row.created_at,
  expiresAt: row.expires_at,
});
