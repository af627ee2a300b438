import type { LegacyLinkId, TenantId } from '../../domain/shared/ids.ts';
import type { SealedPlace } from '../ports/security/text-cipher.ts';

/** The place that a text of a legacy link is sealed for. */
export const legacyLinkPlace = (
  tenantId: TenantId,
  linkId: LegacyLinkId,
  column: 'identifier' | 'reason',
): SealedPlace => ({ tenantId, table: 'legacy_links', column, rowId: linkId });
