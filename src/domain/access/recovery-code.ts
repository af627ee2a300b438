/**
 * The form in which recovery codes are compared: upper case without blanks and hyphens, and what Crockford's base32 reads alike is
 * alike: `o` is 0, `i` and `l` are 1.
 */
export const normalRecoveryCode = (typed: string): string =>
  typed.toUpperCase().replaceAll(/[\s-]/gu, '').replaceAll('O', '0').replaceAll(/[IL]/gu, '1');
