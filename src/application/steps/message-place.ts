import type { TenantId } from '../../domain/shared/ids.ts';
import type { SealedPlace } from '../ports/security/text-cipher.ts';

/** The place that the text of a message is sealed for. */
export const messagePlace = (tenantId: TenantId, messageId: string): SealedPlace => ({
  tenantId,
  table: 'case_messages',
  column: 'body',
  rowId: messageId,
});
