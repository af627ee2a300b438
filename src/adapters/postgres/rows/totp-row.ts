import type { SealedText } from '../../../application/ports/security/text-cipher.ts';
import type { TotpSecrets } from '../../../application/ports/stores/second-factor-store.ts';
import type { Columns } from '../columns.ts';

/** A row of `totp_factors`, as far as it is read. */
export interface TotpRow {
  readonly secret: Uint8Array | null;
  readonly key_uuid: string | null;
  readonly pending_secret: Uint8Array | null;
  readonly pending_key_uuid: string | null;
  readonly pending_since: Date | null;
}

/** The columns of {@link TotpRow}. */
export const TOTP_COLUMNS: Columns<TotpRow> = {
  secret: 'bytea',
  key_uuid: 'uuid',
  pending_secret: 'bytea',
  pending_key_uuid: 'uuid',
  pending_since: 'timestamptz',
};

/** The secrets of a row. */
export const totpSecretsOfRow = (row: TotpRow): TotpSecrets => ({
  confirmed: sealed(row.key_uuid, row.secret),
  pending: sealed(row.pending_key_uuid, row.pending_secret),
  pendingSince: row.pending_since,
});

const sealed = (keyId: string | null, bytes: Uint8Array | null): SealedText | null =>
  keyId === null || bytes === null ? null : { keyId, bytes };
