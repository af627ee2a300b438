import { DomainError } from '../shared/domain-error.ts';

/** The text cannot be part of a case. */
export class CaseTextRejected extends DomainError {
  readonly code = 'cases.text-rejected';
  constructor() {
    super('The text must have 1 to 20,000 characters of well-formed Unicode, not all of them blank.');
  }
}
