import type { MfaResetId, TenantId } from '../../domain/shared/ids.ts';
import type { SealedPlace } from '../ports/security/text-cipher.ts';

/** The place that the reason of a reset of second factors is sealed for. */
export const resetReasonPlace = (tenantId: TenantId, resetId: MfaResetId): SealedPlace => ({
  tenantId,
  table: 'mfa_resets',
  column: 'reason',
  rowId: resetId,
});
