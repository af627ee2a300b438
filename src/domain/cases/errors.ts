import { DomainError } from '../shared/domain-error.ts';
import type { CaseState } from './case.ts';
import type { Ineligibility } from './eligibility.ts';

/** What was given for the language of a case is no language tag. */
export class CaseLanguageRejected extends DomainError {
  readonly code = 'cases.language-rejected';
  constructor() {
    super('This is no language tag of BCP 47: write it like en, he or pt-BR.');
  }
}

/** The text cannot be part of a case. */
export class CaseTextRejected extends DomainError {
  readonly code = 'cases.text-rejected';
  constructor() {
    super('The text must have 1 to 20,000 characters of well-formed Unicode, not all of them blank.');
  }
}

/** What was given as the reason of an act is none. */
export class CaseReasonRejected extends DomainError {
  readonly code = 'cases.reason-rejected';
  constructor() {
    super('Say why, in 1 to 1,000 characters of well-formed Unicode, not all of them blank.');
  }
}

/** The question of a legacy case is longer than a text of a case may be. */
export class LegacyQuestionTooLong extends DomainError {
  readonly code = 'cases.legacy-question-too-long';
  constructor() {
    super(
      'The question of this legacy case has more than 20,000 characters, and cannot be taken over whole.',
    );
  }
}

/** The case was changed by somebody else meanwhile, or taken. */
export class CaseConflict extends DomainError {
  readonly code = 'cases.conflict';
  constructor() {
    super('The case was changed or taken by somebody else meanwhile. Read it again, then decide anew.');
  }
}

/** The act does not go with the state that the case is in. */
export class CaseNotAllowedInState extends DomainError {
  readonly code = 'cases.not-allowed-in-state';
  constructor(state: CaseState) {
    super(`This cannot be done to a case in state ${state}.`);
  }
}

/** No more questions may follow the answer: the time for them is over, or both were asked. */
export class FollowUpsOver extends DomainError {
  readonly code = 'cases.not-allowed-in-state';
  constructor() {
    super('An answer may be followed up within 14 days, twice at most.');
  }
}

const WHY: Readonly<Record<Ineligibility, string>> = {
  'out-of-reach': 'he serves another organisation',
  inactive: 'his account is disabled, or he is no physician any more',
  'on-vacation': 'he is on vacation',
  'own-case': 'it is his own',
  'other-pool': 'the case belongs to another pool',
  'other-language': 'he does not answer in its language',
  'limit-reached': 'he has as many open cases as he takes',
};

/** The case cannot be given to this physician. */
export class PhysicianNotEligible extends DomainError {
  readonly code = 'cases.physician-not-eligible';
  constructor(why: Ineligibility) {
    super(`The case cannot be given to this physician: ${WHY[why]}.`);
  }
}

/** There is no such receipt, or its time is over. */
export class ReceiptUnknown extends DomainError {
  readonly code = 'cases.receipt-unknown';
  constructor() {
    super(
      'There is no anonymous case for this receipt. It counts for 24 hours, and until the case was adopted.',
    );
  }
}

/** What was given as the outcome of a review is none. */
export class OutcomeRejected extends DomainError {
  readonly code = 'cases.outcome-rejected';
  constructor() {
    super('Say what the review came to, in 1 to 100 characters of well-formed Unicode, such as justified.');
  }
}

/** Somebody has reviewed the grant already. */
export class GrantReviewed extends DomainError {
  readonly code = 'cases.grant-reviewed';
  constructor() {
    super('This grant was reviewed already.');
  }
}

/** The submission was taken in before, and its case is not to be seen by its sender any more. */
export class SubmissionHidden extends DomainError {
  readonly code = 'cases.submission-hidden';
  constructor() {
    super('This was submitted before. Its case was hidden since, or belongs to an account by now.');
  }
}
