import type { LegacyMail } from '../../../src/domain/legacy/legacy-mail.ts';

/** Begins with a zero, as one in ten does. */
export const LINK_CODE = '04815162';

/** One mail of each kind; a kind that is missing here does not compile. */
export const LEGACY_MAILS = {
  'legacy-link-code': { kind: 'legacy-link-code', code: LINK_CODE },
  'legacy-linked': { kind: 'legacy-linked' },
  'legacy-unlinked': { kind: 'legacy-unlinked' },
  'legacy-rival-claim': { kind: 'legacy-rival-claim' },
  'legacy-claim-approved': { kind: 'legacy-claim-approved' },
  'legacy-claim-lost': { kind: 'legacy-claim-lost' },
  'legacy-claim-rejected': { kind: 'legacy-claim-rejected' },
} as const satisfies { readonly [Kind in LegacyMail['kind']]: Extract<LegacyMail, { readonly kind: Kind }> };
