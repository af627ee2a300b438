import type { CaseState } from '../../src/domain/cases/case.ts';
import type { CaseActorRole, CaseEventType } from '../../src/domain/cases/case-event.ts';

/** A line of the table of transitions, as the documents have it. */
interface Rule {
  readonly from: readonly (CaseState | null)[];
  /** `same` stays where it was. */
  readonly to: readonly (CaseState | 'same')[];
  readonly by: readonly CaseActorRole[];
}

const WITHOUT_VOID: readonly CaseState[] = [
  'queued',
  'assigned',
  'in_review',
  'info_requested',
  'answered',
  'closed',
  'declined',
  'cancelled',
  'expired',
];

/** Who may bring what about, written down anew: what the code decides is held against this. */
export const RULES: Readonly<Record<CaseEventType, Rule>> = {
  submitted: { from: [null], to: ['queued'], by: ['patient', 'anonymous'] },
  adopted: { from: WITHOUT_VOID, to: ['same'], by: ['patient'] },
  'adopted-legacy': { from: ['legacy'], to: ['queued'], by: ['admin'] },
  linked: { from: [...WITHOUT_VOID, 'void'], to: ['same'], by: ['patient', 'admin', 'system'] },
  unlinked: { from: [...WITHOUT_VOID, 'void'], to: ['same'], by: ['patient', 'admin', 'system'] },
  claimed: { from: ['queued'], to: ['assigned'], by: ['physician'] },
  assigned: { from: ['queued'], to: ['assigned'], by: ['admin'] },
  started: { from: ['assigned'], to: ['in_review'], by: ['physician'] },
  released: { from: ['assigned', 'in_review'], to: ['queued'], by: ['physician', 'admin', 'system'] },
  reassigned: { from: ['assigned', 'in_review', 'info_requested'], to: ['assigned'], by: ['admin'] },
  'info-requested': { from: ['in_review'], to: ['info_requested'], by: ['physician'] },
  replied: { from: ['info_requested'], to: ['in_review', 'queued'], by: ['patient'] },
  answered: { from: ['in_review'], to: ['answered'], by: ['physician'] },
  amended: { from: ['answered'], to: ['answered'], by: ['physician'] },
  'followed-up': { from: ['answered'], to: ['in_review'], by: ['patient'] },
  declined: { from: ['assigned', 'in_review'], to: ['declined'], by: ['physician'] },
  cancelled: {
    from: ['queued', 'assigned', 'info_requested', 'in_review'],
    to: ['cancelled'],
    by: ['patient', 'admin'],
  },
  closed: { from: ['answered'], to: ['closed'], by: ['patient', 'system'] },
  expired: {
    from: ['info_requested', 'queued', 'assigned', 'in_review', 'answered'],
    to: ['expired'],
    by: ['system'],
  },
  voided: { from: WITHOUT_VOID, to: ['void'], by: ['admin'] },
  escalated: { from: ['queued', 'in_review', 'info_requested'], to: ['same'], by: ['system'] },
  flagged: { from: ['queued'], to: ['same'], by: ['system'] },
  overflowed: { from: ['queued'], to: ['same'], by: ['system'] },
  reminded: { from: ['info_requested'], to: ['same'], by: ['system'] },
  'assignee-back': {
    from: ['in_review', 'info_requested'],
    to: ['same'],
    by: ['physician', 'admin'],
  },
  'assignee-away': { from: ['in_review', 'info_requested'], to: ['same'], by: ['physician', 'admin'] },
};

/** The kinds of text that events bring, by event. */
export const TEXT_OF: Readonly<Partial<Record<CaseEventType, string>>> = {
  submitted: 'question',
  'info-requested': 'info-request',
  replied: 'reply',
  answered: 'answer',
  amended: 'amendment',
  'followed-up': 'follow-up',
};
