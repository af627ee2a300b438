import { z } from 'zod';
import type { StoredSigningKey } from '../../../application/ports/stores/signing-key-store.ts';
import type { Columns } from '../columns.ts';

/** A row of `signing_keys`. */
export interface SigningKeyRow {
  readonly kid: string;
  readonly alg: string;
  /** JSON that is parsed when it is read. */
  readonly public_key: unknown;
  readonly sealed_private_key: Uint8Array;
  readonly created_at: Date;
  readonly accepted_until: Date | null;
}

/** The columns of {@link SigningKeyRow}. */
export const SIGNING_KEY_COLUMNS: Columns<SigningKeyRow> = {
  kid: 'text',
  alg: 'text',
  public_key: 'jsonb',
  sealed_private_key: 'bytea',
  created_at: 'timestamptz',
  accepted_until: 'timestamptz',
};

const PublicKey = z.record(z.string(), z.unknown());

/** The row of a key. */
export const rowOfSigningKey = (key: StoredSigningKey): SigningKeyRow => ({
  kid: key.kid,
  alg: key.alg,
  public_key: key.publicKey,
  sealed_private_key: key.sealedPrivateKey,
  created_at: key.createdAt,
  accepted_until: key.acceptedUntil,
});

/** The key of a row. */
export const signingKeyOfRow = (row: SigningKeyRow): StoredSigningKey => ({
  kid: row.kid,
  alg: row.alg,
  publicKey: PublicKey.parse(row.public_key),
  sealedPrivateKey: row.sealed_private_key,
  createdAt: row.created_at,
  acceptedUntil: row.accepted_until,
});
