import type { CaseMail } from '../../domain/cases/case-mail.ts';
import type { User } from '../../domain/identity/user.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import { noticeTo } from './notice-to.ts';
import type { MailWriting } from './outbox-mail.ts';

/**
 * Seals a mail about a case to each person, in their order. An entry belongs to the tenant of its person, which need not be the one of
 * the case: a physician of the practice serves others.
 */
export const caseNotices = (
  writing: MailWriting,
  recipients: readonly User[],
  content: CaseMail,
): Promise<readonly OutboxEntry[]> =>
  Promise.all(recipients.map((recipient) => noticeTo(writing, recipient, content)));
