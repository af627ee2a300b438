import type { CaseId, GrantId } from '../shared/ids.ts';

/** What people are told of a case; never a word of its text. Times are ISO 8601. */
export type CaseMail =
  /** To the patient: the physician has a question; without a reply the case ends at `expiresAt`. */
  | { readonly kind: 'case-info-requested'; readonly caseId: CaseId; readonly expiresAt: string }
  /** To the patient, while the question goes without a reply. */
  | { readonly kind: 'case-info-reminder'; readonly caseId: CaseId; readonly expiresAt: string }
  /** To the patient: the case has ended without a reply. */
  | { readonly kind: 'case-expired'; readonly caseId: CaseId }
  /** To the patient: an answer, or a new version of it, waits. */
  | { readonly kind: 'case-answered'; readonly caseId: CaseId }
  /** To the patient: the physician could not give an opinion. */
  | { readonly kind: 'case-declined'; readonly caseId: CaseId }
  /** To the physician whom an admin gave the case to. */
  | { readonly kind: 'case-assigned'; readonly caseId: CaseId; readonly dueAt: string }
  /** To admins: nobody has claimed the case; `overdue` where `dueAt` has passed. */
  | {
      readonly kind: 'case-unclaimed';
      readonly caseId: CaseId;
      readonly dueAt: string;
      readonly overdue: boolean;
    }
  /** To admins: somebody who works on the case, or has asked its patient, has been away for a day. */
  | { readonly kind: 'case-assignee-away'; readonly caseId: CaseId }
  /** To admins: one of them may read the text of the case outside of his role, until `expiresAt`; it is to be reviewed. */
  | {
      readonly kind: 'break-glass-used';
      readonly caseId: CaseId;
      readonly grantId: GrantId;
      readonly expiresAt: string;
    };
