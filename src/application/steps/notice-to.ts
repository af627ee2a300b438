import type { AccountMail } from '../../domain/identity/account-mail.ts';
import type { User } from '../../domain/identity/user.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import { mailEntry, type MailWriting } from './outbox-mail.ts';

/** Seals a mail to an account's own address, in its language. */
export const noticeTo = (writing: MailWriting, user: User, content: AccountMail): Promise<OutboxEntry> =>
  mailEntry(writing, user.tenantId, { to: user.email, language: user.language, content });
