import { DomainError } from '../shared/domain-error.ts';

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
