import addressparser from 'nodemailer/lib/addressparser';

/** Whom a mail is from (RFC 5322, section 3.4). */
export interface Mailbox {
  /** What is shown; may be empty. */
  readonly name: string;
  readonly address: string;
}

/** A host without a dot is enough, since it may be one of the own network. */
const ADDRESS = /^[^\s@"(),:;<>[\\\]\p{Cc}\p{Cf}]{1,64}@[^\s@"(),:;<>[\\\]\p{Cc}\p{Cf}]{1,253}$/u;

/**
 * Reads `name@host` or `Name <name@host>`.
 *
 * @returns `null` for anything but one mailbox on one line
 */
export function readMailbox(text: string): Mailbox | null {
  if (/\p{Cc}/u.test(text)) return null;
  const [mailbox, ...others] = addressparser(text);
  if (mailbox?.address === undefined || others.length > 0 || !ADDRESS.test(mailbox.address)) return null;
  return { name: mailbox.name, address: mailbox.address };
}
