import type { SealedColumn } from '../../../application/ports/stores/sealed-text-store.ts';

/** Columns beside one that holds sealed texts. */
export interface SealedColumnNames {
  /** The table's primary key, a uuid. */
  readonly id: string;
  /** What key the text is sealed under: a foreign key to `data_keys`. */
  readonly key: string;
}

/** Every column that holds sealed texts. Each foreign key to `data_keys` belongs to one of them, which a test holds to the schema. */
export const SEALED_COLUMNS: Readonly<Record<SealedColumn, SealedColumnNames>> = {
  'case_messages.body': { id: 'uuid', key: 'key_uuid' },
  'case_reasons.body': { id: 'event_uuid', key: 'key_uuid' },
  'break_glass_grants.reason': { id: 'uuid', key: 'key_uuid' },
  'break_glass_grants.note': { id: 'uuid', key: 'note_key_uuid' },
  'legacy_links.identifier': { id: 'uuid', key: 'key_uuid' },
  'legacy_links.reason': { id: 'uuid', key: 'reason_key_uuid' },
  'totp_factors.secret': { id: 'user_uuid', key: 'key_uuid' },
  'totp_factors.pending_secret': { id: 'user_uuid', key: 'pending_key_uuid' },
  'mfa_resets.reason': { id: 'uuid', key: 'key_uuid' },
  'outbox.payload': { id: 'uuid', key: 'key_uuid' },
};
