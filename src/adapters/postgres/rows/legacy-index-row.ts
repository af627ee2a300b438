import type { LegacyIndexEntry } from '../../../application/ports/legacy/legacy-index.ts';
import type { LegacyIdentifierKind } from '../../../domain/legacy/legacy-identifier.ts';
import type { Columns } from '../columns.ts';

/** A row of `legacy_index`. */
export type LegacyIndexRow = Readonly<Record<LegacyIdentifierKind, Uint8Array | null>> & {
  readonly request_uuid: string;
  readonly vendor_id: string | null;
  readonly created_at: Date;
  readonly language: string;
};

/** The columns of {@link LegacyIndexRow}. */
export const LEGACY_INDEX_COLUMNS: Columns<LegacyIndexRow> = {
  request_uuid: 'uuid',
  vendor_id: 'text',
  created_at: 'timestamptz',
  language: 'text',
  legacy_user_id: 'bytea',
  national_id: 'bytea',
  phone: 'bytea',
  email: 'bytea',
};

/** The row of an entry. */
export const rowOfLegacyIndexEntry = (entry: LegacyIndexEntry): LegacyIndexRow => ({
  request_uuid: entry.caseId,
  vendor_id: entry.vendorId,
  created_at: entry.createdAt,
  language: entry.language,
  legacy_user_id: entry.hashes.legacy_user_id ?? null,
  national_id: entry.hashes.national_id ?? null,
  phone: entry.hashes.phone ?? null,
  email: entry.hashes.email ?? null,
});
