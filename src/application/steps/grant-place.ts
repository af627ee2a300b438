import type { GrantId, TenantId } from '../../domain/shared/ids.ts';
import type { SealedPlace } from '../ports/security/text-cipher.ts';

/** The place that a text of a break-glass grant is sealed for. */
export const grantPlace = (tenantId: TenantId, grantId: GrantId, column: 'reason' | 'note'): SealedPlace => ({
  tenantId,
  table: 'break_glass_grants',
  column,
  rowId: grantId,
});
