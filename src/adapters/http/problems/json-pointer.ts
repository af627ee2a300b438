/** The JSON pointer (RFC 6901) to what lies at `path`; the root is the empty text. */
export const jsonPointer = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
