import type { AuditHead, AuditLink, AuditSeal } from '../../../domain/audit/audit-chain.ts';
import type { Columns } from '../columns.ts';

/** A row of `audit_seals`. */
export interface AuditSealRow {
  readonly number: number | string;
  readonly previous_mac: Uint8Array;
  readonly last_position: number | string;
  readonly entries: number;
  /** `xid8` as text. */
  readonly horizon: string;
  readonly batch_mac: Uint8Array;
  /** No date where somebody put `infinity` there. */
  readonly sealed_at: Date | number;
  readonly mac: Uint8Array;
}

/** The columns of {@link AuditSealRow}. */
export const AUDIT_SEAL_COLUMNS: Columns<AuditSealRow> = {
  number: 'bigint',
  previous_mac: 'bytea',
  last_position: 'bigint',
  entries: 'integer',
  horizon: 'xid8',
  batch_mac: 'bytea',
  sealed_at: 'timestamptz',
  mac: 'bytea',
};

/** A row of `audit_links`. */
export interface AuditLinkRow {
  readonly position: number | string;
  readonly entry_uuid: string;
  readonly record_mac: Uint8Array;
  readonly mac: Uint8Array;
}

/** The columns of {@link AuditLinkRow}. */
export const AUDIT_LINK_COLUMNS: Columns<AuditLinkRow> = {
  position: 'bigint',
  entry_uuid: 'uuid',
  record_mac: 'bytea',
  mac: 'bytea',
};

/** A row of `audit_head`. */
export interface AuditHeadRow {
  readonly number: number | string;
  readonly mac: Uint8Array | null;
}

/** The row of a seal. */
export const rowOfAuditSeal = (seal: AuditSeal): AuditSealRow => ({
  number: seal.number,
  previous_mac: seal.previousMac,
  last_position: seal.lastPosition,
  entries: seal.entries,
  horizon: seal.horizon,
  batch_mac: seal.batchMac,
  sealed_at: seal.sealedAt,
  mac: seal.mac,
});

/** The seal of a row, which somebody may have changed. */
export const auditSealOfRow = (row: AuditSealRow): AuditSeal => ({
  number: countOf(row.number),
  previousMac: row.previous_mac,
  lastPosition: countOf(row.last_position),
  entries: row.entries,
  horizon: row.horizon,
  batchMac: row.batch_mac,
  sealedAt: new Date(row.sealed_at),
  mac: row.mac,
});

/** The row of a link. */
export const rowOfAuditLink = (link: AuditLink): AuditLinkRow => ({
  position: link.position,
  entry_uuid: link.entryId,
  record_mac: link.recordMac,
  mac: link.mac,
});

/** The link of a row, which somebody may have changed. */
export const auditLinkOfRow = (row: AuditLinkRow): AuditLink => ({
  position: countOf(row.position),
  entryId: row.entry_uuid,
  recordMac: row.record_mac,
  mac: row.mac,
});

/** The head of its row, which somebody may have changed. */
export const auditHeadOfRow = (row: AuditHeadRow): AuditHead => ({
  number: countOf(row.number),
  mac: row.mac,
});

/** What no chain reaches is cut down to what can be counted with. */
export function countOf(value: number | string): number {
  const { MAX_SAFE_INTEGER: most } = Number;
  return Math.max(-most, Math.min(Number(value), most));
}
