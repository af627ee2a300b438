/** What people are told of their cases at the legacy service; never an identifier, and no vendor. */
export type LegacyMail =
  /**
   * To an address that legacy records hold: an account claims them, and `code` proves that it is its owner's. The reader may know nothing
   * of it, and has to do nothing then. A secret.
   */
  | { readonly kind: 'legacy-link-code'; readonly code: string }
  /** To an account: an identifier of the legacy service was linked to it. */
  | { readonly kind: 'legacy-linked' }
  /** To an account: it has an identifier no longer. */
  | { readonly kind: 'legacy-unlinked' }
  /** To an account: another one claims an identifier that it has. Nothing has changed, and an admin decides. */
  | { readonly kind: 'legacy-rival-claim' }
  /** To an account: an admin approved its claim, so that it has the identifier. */
  | { readonly kind: 'legacy-claim-approved' }
  /** To an account: an admin gave an identifier that it had to another account that claimed it. */
  | { readonly kind: 'legacy-claim-lost' }
  /** To an account: an admin rejected its claim. */
  | { readonly kind: 'legacy-claim-rejected' };
