import type { TenantId } from '../../domain/shared/ids.ts';
import type { SealedPlace } from '../ports/security/text-cipher.ts';

/** The place that the reason of a case's event is sealed for. */
export const reasonPlace = (tenantId: TenantId, eventId: string): SealedPlace => ({
  tenantId,
  table: 'case_reasons',
  column: 'body',
  rowId: eventId,
});
