import type { CaseMail } from '../../domain/cases/case-mail.ts';
import type { User } from '../../domain/identity/user.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import { noticeTo } from './notice-to.ts';
import type { MailWriting } from './outbox-mail.ts';

/**
 * Seals a mail about a case to one person. The entry belongs to the tenant of the person, which need not be the one of the case: a
 * physician of the practice serves others.
 */
export const caseNotice = (writing: MailWriting, recipient: User, content: CaseMail): Promise<OutboxEntry> =>
  noticeTo(writing, recipient, content);

/** The same to several people, in their order. */
export const caseNotices = (
  writing: MailWriting,
  recipients: readonly User[],
  content: CaseMail,
): Promise<readonly OutboxEntry[]> =>
  Promise.all(recipients.map((recipient) => caseNotice(writing, recipient, content)));
