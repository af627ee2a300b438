/** Where the public keys of a vendor are. */
export type VendorKeySource =
  { readonly kind: 'url'; readonly url: string } | { readonly kind: 'file'; readonly file: string };
