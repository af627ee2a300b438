import type { TenantId } from '../../domain/shared/ids.ts';
import type { SealedPlace } from '../ports/security/text-cipher.ts';
import type { KeptText, SealedColumn } from '../ports/stores/sealed-text-store.ts';
import { totpPlace } from './check-code.ts';
import { grantPlace } from './grant-place.ts';
import { legacyLinkPlace } from './legacy-link-place.ts';
import { messagePlace } from './message-place.ts';
import { outboxPlace } from './outbox-mail.ts';
import { reasonPlace } from './reason-place.ts';
import { resetReasonPlace } from './reset-reason-place.ts';

/** The place that each column's texts are sealed for. An authenticator app's secret keeps its place when it is confirmed. */
const PLACES: Readonly<Record<SealedColumn, (tenantId: TenantId, rowId: string) => SealedPlace>> = {
  'case_messages.body': messagePlace,
  'case_reasons.body': reasonPlace,
  'break_glass_grants.reason': (tenantId, grantId) => grantPlace(tenantId, grantId, 'reason'),
  'break_glass_grants.note': (tenantId, grantId) => grantPlace(tenantId, grantId, 'note'),
  'legacy_links.identifier': (tenantId, linkId) => legacyLinkPlace(tenantId, linkId, 'identifier'),
  'legacy_links.reason': (tenantId, linkId) => legacyLinkPlace(tenantId, linkId, 'reason'),
  'totp_factors.secret': totpPlace,
  'totp_factors.pending_secret': totpPlace,
  'mfa_resets.reason': resetReasonPlace,
  'outbox.payload': outboxPlace,
};

/** The place that a text is sealed for, as whoever seals it says. */
export const placeOf = ({ column, tenantId, rowId }: Omit<KeptText, 'sealed'>): SealedPlace =>
  PLACES[column](tenantId, rowId);
