import type { CaseMail } from '../../../src/domain/cases/case-mail.ts';

/** Begins with digits, and goes on with letters: what text that runs from right to left would take apart. */
export const CASE_ID = '01934567-89ab-7cde-8f01-23456789abcd';
export const GRANT_ID = '01934567-0123-7abc-9def-0123456789ab';
const MOMENT = '2026-11-24T21:05:00.000Z';

/** One mail about a case for each text; a kind that is missing here does not compile. */
export const CASE_MAILS = {
  'case-info-requested': { kind: 'case-info-requested', caseId: CASE_ID, expiresAt: MOMENT },
  'case-info-reminder': { kind: 'case-info-reminder', caseId: CASE_ID, expiresAt: MOMENT },
  'case-expired': { kind: 'case-expired', caseId: CASE_ID },
  'case-answered': { kind: 'case-answered', caseId: CASE_ID },
  'case-declined': { kind: 'case-declined', caseId: CASE_ID },
  'case-assigned': { kind: 'case-assigned', caseId: CASE_ID, dueAt: MOMENT },
  'case-unclaimed': { kind: 'case-unclaimed', caseId: CASE_ID, dueAt: MOMENT, overdue: false },
  'case-overdue': { kind: 'case-unclaimed', caseId: CASE_ID, dueAt: MOMENT, overdue: true },
  'case-assignee-away': { kind: 'case-assignee-away', caseId: CASE_ID },
  'break-glass-used': { kind: 'break-glass-used', caseId: CASE_ID, grantId: GRANT_ID, expiresAt: MOMENT },
} as const satisfies { readonly [Kind in CaseMail['kind']]: Extract<CaseMail, { readonly kind: Kind }> } & {
  readonly 'case-overdue': CaseMail;
};
