/** An e-mail address as it was written; compared by its normal form. */
export type EmailAddress = string;

/** The longest address that SMTP carries in a path (RFC 5321, section 4.5.3.1.3); counted in UTF-16 code units here. */
export const EMAIL_MAX_LENGTH = 254;

/**
 * The form by which addresses are compared and counted: NFC and lower case. Nothing else is folded, since what stands before the
 * `@` is its host's business (RFC 5321, section 2.4).
 */
export const normalEmail = (address: EmailAddress): string => address.trim().normalize('NFC').toLowerCase();

/** Atoms between single dots (RFC 5321, section 4.1.2, RFC 6531): nothing blank, no control characters, no brackets or quotes. */
const LOCAL_PART = /^(?=.{1,64}$)[^\s.@"(),:;<>[\\\]\p{Cc}\p{Cf}]+(?:\.[^\s.@"(),:;<>[\\\]\p{Cc}\p{Cf}]+)*$/u;
/** Two labels or more, of letters, digits and inner hyphens (RFC 1123, RFC 5890). */
const HOST =
  /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?)+$/u;

/** Whether a text can be an address; whether anybody reads what is sent there is another question. */
export function isEmailAddress(text: string): boolean {
  const normal = normalEmail(text);
  const at = normal.lastIndexOf('@');
  return (
    normal.isWellFormed() &&
    normal.length <= EMAIL_MAX_LENGTH &&
    LOCAL_PART.test(normal.slice(0, Math.max(0, at))) &&
    HOST.test(normal.slice(at + 1))
  );
}
