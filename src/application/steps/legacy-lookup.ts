import type { LegacyIdentifier } from '../../domain/legacy/legacy-identifier.ts';
import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import type { Page } from '../../domain/shared/page.ts';
import type { LegacyLookup } from '../ports/legacy/legacy-requests.ts';
import type { VendorDirectory } from '../ports/legacy/vendor-directory.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { SealedText, TextCipher } from '../ports/security/text-cipher.ts';
import type { StoredLink } from '../ports/stores/legacy-link-store.ts';
import { legacyIdentifierHash } from './legacy-identifier-hash.ts';
import { legacyLinkPlace } from './legacy-link-place.ts';

/** What saying how an identifier is looked up needs. */
export interface LegacyLookingUp {
  readonly keyedHash: KeyedHash;
  readonly vendorDirectory: VendorDirectory;
}

/** How the requests of a vendor that say an identifier are looked up. @param vendorId in its normal form */
export const legacyLookup = (
  { keyedHash, vendorDirectory }: LegacyLookingUp,
  vendorId: string | null,
  identifier: LegacyIdentifier,
): LegacyLookup => ({
  ...identifier,
  vendorId,
  hash: legacyIdentifierHash(keyedHash, vendorId, identifier),
  vendorKind: vendorDirectory.find(vendorId).identifierKind,
});

/** What reading and keeping the identifier of a link needs. */
export interface LinkSealing {
  readonly textCipher: TextCipher;
}

/** The identifier that a link is to, in its normal form. */
export const openIdentifier = (
  { textCipher }: LinkSealing,
  { id, identifier, tenantId }: StoredLink,
): Promise<string> => textCipher.open(legacyLinkPlace(tenantId, id, 'identifier'), identifier);

/** The normal form of an identifier, as it is kept with its link. */
export const sealIdentifier = (
  { textCipher }: LinkSealing,
  { id, tenantId }: Pick<LegacyLink, 'id' | 'tenantId'>,
  normal: string,
): Promise<SealedText> => textCipher.seal(legacyLinkPlace(tenantId, id, 'identifier'), normal);

/** Why an admin decided on a link, as it is kept with it. */
export const sealLinkReason = (
  { textCipher }: LinkSealing,
  { id, tenantId }: Pick<LegacyLink, 'id' | 'tenantId'>,
  reason: string,
): Promise<SealedText> => textCipher.seal(legacyLinkPlace(tenantId, id, 'reason'), reason);

/** A link with its identifier, for those who may know it: its account, and admins. */
export interface LinkView {
  readonly link: LegacyLink;
  /** In its normal form. */
  readonly identifier: string;
}

/** The same page, readable. */
export async function linkViews(sealing: LinkSealing, page: Page<StoredLink>): Promise<Page<LinkView>> {
  const views = page.items.map(async (link) => ({ link, identifier: await openIdentifier(sealing, link) }));
  return { ...page, items: await Promise.all(views) };
}
