import type { SealedMessage } from '../../../application/ports/stores/case-store.ts';
import type { CaseAuthorRole, CaseMessageKind } from '../../../domain/cases/case.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { Columns } from '../columns.ts';

/** A row of `case_messages`. */
export interface CaseMessageRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly case_uuid: string;
  readonly kind: CaseMessageKind;
  readonly author_role: CaseAuthorRole;
  readonly author_uuid: string | null;
  readonly key_uuid: string;
  readonly body: Uint8Array;
  readonly at: Date;
}

/** The columns of {@link CaseMessageRow}. */
export const CASE_MESSAGE_COLUMNS: Columns<CaseMessageRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  case_uuid: 'uuid',
  kind: 'text',
  author_role: 'text',
  author_uuid: 'uuid',
  key_uuid: 'uuid',
  body: 'bytea',
  at: 'timestamptz',
};

/** The row of a message of the tenant. */
export const rowOfMessage = (tenantId: TenantId, message: SealedMessage): CaseMessageRow => ({
  uuid: message.id,
  tenant_uuid: tenantId,
  case_uuid: message.caseId,
  kind: message.kind,
  author_role: message.authorRole,
  author_uuid: message.authorId,
  key_uuid: message.body.keyId,
  body: message.body.bytes,
  at: message.at,
});

/** The message of a row. */
export const messageOfRow = (row: CaseMessageRow): SealedMessage => ({
  id: row.uuid,
  caseId: row.case_uuid,
  kind: row.kind,
  authorRole: row.author_role,
  authorId: row.author_uuid,
  body: { keyId: row.key_uuid, bytes: row.body },
  at: row.at,
});
