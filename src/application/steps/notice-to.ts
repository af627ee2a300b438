import type { User } from '../../domain/identity/user.ts';
import type { MailContent } from '../ports/gateways/mail-content.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import { mailTo, type MailWriting, noticeEntry } from './outbox-mail.ts';

/** Seals a mail to an account's own address, in its language, of what was done to the account or to a case; it is never held back. */
export const noticeTo = (writing: MailWriting, user: User, content: MailContent): Promise<OutboxEntry> =>
  noticeEntry(writing, user.tenantId, mailTo(user, content));
