import { DomainError } from '../shared/domain-error.ts';

/** What was given for a language is no language tag. */
export class LanguageRejected extends DomainError {
  readonly code = 'identity.language-rejected';
  constructor() {
    super('This is no language tag of BCP 47: write it like en, he or pt-BR.');
  }
}

/** Another account of the tenant has this address. */
export class EmailTaken extends DomainError {
  readonly code = 'identity.email-taken';
  constructor() {
    super('An account with this e-mail address exists. Sign in, or use another address.');
  }
}

/** What was given for an e-mail address is none. */
export class EmailRejected extends DomainError {
  readonly code = 'identity.email-rejected';
  constructor() {
    super('This is no e-mail address: write it as name@host, with at most 254 characters.');
  }
}

/** Why a new password was refused. */
export type PasswordRejection = 'too-short' | 'too-long' | 'common' | 'context' | 'ill-formed';

const REASONS: Record<PasswordRejection, (minLength: number) => string> = {
  'too-short': (minLength) => `The password is too short: use at least ${String(minLength)} characters.`,
  'too-long': () => 'The password is too long: use at most 1024 bytes of UTF-8.',
  common: () => 'The password is among the most common ones: choose another.',
  context: () => 'The password is made of your address or the name of this service: choose another.',
  'ill-formed': () => 'The password is not well-formed Unicode text: use characters that can be stored.',
};

/** A new password that the policy does not allow. */
export class PasswordRejected extends DomainError {
  readonly code = 'identity.password-rejected';
  readonly reason: PasswordRejection;
  constructor(reason: PasswordRejection, minLength = 0) {
    super(REASONS[reason](minLength));
    this.reason = reason;
  }
}

/** A hash that another service made of a password cannot be taken over. */
export class PasswordHashRejected extends DomainError {
  readonly code = 'identity.password-hash-rejected';
  constructor() {
    super(
      'This password hash is of no known format, damaged, or costs more to compare with than a sign-in may.',
    );
  }
}

/** The change would leave the tenant without an active admin. */
export class LastAdmin extends DomainError {
  readonly code = 'identity.last-admin';
  constructor() {
    super('This is the last active admin of the tenant. Make another one first.');
  }
}

/** Somebody else changed the account meanwhile. */
export class UserConflict extends DomainError {
  readonly code = 'identity.conflict';
  constructor() {
    super('The account was changed by another request meanwhile. Read it again and repeat the change.');
  }
}

/** The password is right, and the address was not confirmed yet. */
export class EmailNotVerified extends DomainError {
  readonly code = 'identity.email-not-verified';
  constructor() {
    super('Confirm your e-mail address first: follow the link in the mail, or ask for a new one.');
  }
}

/** The account is a physician already. */
export class PhysicianExists extends DomainError {
  readonly code = 'identity.physician-exists';
  constructor() {
    super('There is a physician for this account already. Change that one.');
  }
}

/** A physician was to be made of an account of another role. */
export class NotAPhysician extends DomainError {
  readonly code = 'identity.not-a-physician';
  constructor() {
    super('The role of this account is not physician. Change its role first.');
  }
}

/** Somebody else changed the physician meanwhile. */
export class PhysicianConflict extends DomainError {
  readonly code = 'identity.physician-conflict';
  constructor() {
    super('The physician was changed by another request meanwhile. Read it again and repeat the change.');
  }
}

/** More languages than a physician may have. */
export class TooManyLanguages extends DomainError {
  readonly code = 'identity.too-many-languages';
  constructor() {
    super('A physician has at most 20 languages, the preferred one among them.');
  }
}

/** What was given for the pool of a physician can name none. */
export class PoolRejected extends DomainError {
  readonly code = 'identity.pool-rejected';
  constructor() {
    super('The name of a pool has 1 to 100 code points of well-formed Unicode, not all of them blank.');
  }
}

/** What was given for the limit of open cases is none. */
export class CaseLimitRejected extends DomainError {
  readonly code = 'identity.case-limit-rejected';
  constructor() {
    super('The limit of open cases is a whole number from 1 to 1,000.');
  }
}
