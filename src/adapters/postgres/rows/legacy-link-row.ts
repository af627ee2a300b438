import type { StoredLink } from '../../../application/ports/stores/legacy-link-store.ts';
import type { LegacyIdentifierKind } from '../../../domain/legacy/legacy-identifier.ts';
import type { LinkProof, LinkStatus } from '../../../domain/legacy/legacy-link.ts';
import type { Columns } from '../columns.ts';

/** A row of `legacy_links`, without the reason of its decision. */
export interface LegacyLinkRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly user_uuid: string;
  readonly vendor_id: string | null;
  readonly kind: LegacyIdentifierKind;
  readonly identifier_hash: Uint8Array;
  readonly identifier: Uint8Array;
  readonly key_uuid: string;
  readonly status: LinkStatus;
  readonly proof: LinkProof | null;
  readonly code_hash: Uint8Array | null;
  readonly code_expires_at: Date | null;
  readonly decided_by: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: number;
}

/** The columns of {@link LegacyLinkRow}. */
export const LEGACY_LINK_COLUMNS: Columns<LegacyLinkRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  user_uuid: 'uuid',
  vendor_id: 'text',
  kind: 'text',
  identifier_hash: 'bytea',
  identifier: 'bytea',
  key_uuid: 'uuid',
  status: 'text',
  proof: 'text',
  code_hash: 'bytea',
  code_expires_at: 'timestamptz',
  decided_by: 'uuid',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  version: 'integer',
};

/** The row of a link. */
export const rowOfLink = (link: StoredLink): LegacyLinkRow => ({
  uuid: link.id,
  tenant_uuid: link.tenantId,
  user_uuid: link.userId,
  vendor_id: link.vendorId,
  kind: link.kind,
  identifier_hash: link.identifierHash,
  identifier: link.identifier.bytes,
  key_uuid: link.identifier.keyId,
  status: link.status,
  proof: link.proof,
  code_hash: link.code?.hash ?? null,
  code_expires_at: link.code?.expiresAt ?? null,
  decided_by: link.decidedBy,
  created_at: link.createdAt,
  updated_at: link.updatedAt,
  version: link.version,
});

/** The link of a row, with what it is to. */
export const linkOfRow = (row: LegacyLinkRow): StoredLink => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  userId: row.user_uuid,
  vendorId: row.vendor_id,
  kind: row.kind,
  identifierHash: row.identifier_hash,
  identifier: { keyId: row.key_uuid, bytes: row.identifier },
  status: row.status,
  proof: row.proof,
  code: row.code_hash && row.code_expires_at ? { hash: row.code_hash, expiresAt: row.code_expires_at } : null,
  decidedBy: row.decided_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
});
