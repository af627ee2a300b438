/** An e-mail address as it was written; compared by its normal form. */
export type EmailAddress = string;

/** The longest address that SMTP carries in a path (RFC 5321, section 4.5.3.1.3), in octets. */
export const EMAIL_MAX_LENGTH = 254;

/**
 * The form by which addresses are compared and counted: NFC and lower case. Nothing else is folded, since what stands before the
 * `@` is its host's business (RFC 5321, section 2.4).
 */
export const normalEmail = (address: EmailAddress): string => address.trim().normalize('NFC').toLowerCase();
