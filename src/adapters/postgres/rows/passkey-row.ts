import type { Passkey } from '../../../domain/access/second-factor.ts';
import type { Columns } from '../columns.ts';

/** A row of `passkeys`. */
export interface PasskeyRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly user_uuid: string;
  readonly credential_id: string;
  readonly public_key: Uint8Array;
  /** `bigint` comes as digits. WebAuthn's counters have 32 bits. */
  readonly counter: string;
  readonly transports: readonly string[];
  readonly device_type: Passkey['deviceType'];
  readonly name: string;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
}

/** The columns of {@link PasskeyRow}. */
export const PASSKEY_COLUMNS: Columns<PasskeyRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  user_uuid: 'uuid',
  credential_id: 'text',
  public_key: 'bytea',
  counter: 'bigint',
  transports: 'text[]',
  device_type: 'text',
  name: 'text',
  created_at: 'timestamptz',
  last_used_at: 'timestamptz',
};

/** The row of a passkey. */
export const rowOfPasskey = (passkey: Passkey): PasskeyRow => ({
  uuid: passkey.id,
  tenant_uuid: passkey.tenantId,
  user_uuid: passkey.userId,
  credential_id: passkey.credentialId,
  public_key: passkey.publicKey,
  counter: String(passkey.counter),
  transports: passkey.transports,
  device_type: passkey.deviceType,
  name: passkey.name,
  created_at: passkey.createdAt,
  last_used_at: passkey.lastUsedAt,
});

/** The passkey of a row. */
export const passkeyOfRow = (row: PasskeyRow): Passkey => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  userId: row.user_uuid,
  credentialId: row.credential_id,
  publicKey: row.public_key,
  counter: Number(row.counter),
  transports: row.transports,
  deviceType: row.device_type,
  name: row.name,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
});
