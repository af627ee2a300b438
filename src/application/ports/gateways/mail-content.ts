import type { CaseMail } from '../../../domain/cases/case-mail.ts';
import type { AccountMail } from '../../../domain/identity/account-mail.ts';
import type { LegacyMail } from '../../../domain/legacy/legacy-mail.ts';

/** All that mails say. */
export type MailContent = AccountMail | CaseMail | LegacyMail;
