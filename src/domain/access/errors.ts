import { DomainError } from '../shared/domain-error.ts';

/** No credential, or one that does not count (any more). */
export class Unauthenticated extends DomainError {
  readonly code = 'access.unauthenticated';
  constructor() {
    super('Sign in, and send the access token as "Authorization: Bearer …".');
  }
}

/** The actor is known, and may not do this. */
export class Forbidden extends DomainError {
  readonly code = 'access.forbidden';
  /** @param message what it is that does not allow it, where it is not the role */
  constructor(message = 'Your role does not allow this.') {
    super(message);
  }
}

/** Unknown account, wrong password, disabled account, unknown tenant: one answer for all. */
export class InvalidCredentials extends DomainError {
  readonly code = 'access.invalid-credentials';
  constructor() {
    super('The e-mail address, the password or the tenant is wrong.');
  }
}

/** Too many failures in a row, or too many requests: come back later. */
export class RateLimited extends DomainError {
  readonly code = 'request.rate-limited';
  /** Whole seconds until another attempt is heard, at least 1. */
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super('Too many requests. Wait for as long as Retry-After says, then try again.');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The refresh token is unknown, expired, or its session is over. */
export class RefreshInvalid extends DomainError {
  readonly code = 'access.refresh-invalid';
  constructor() {
    super('The refresh token is not valid (any more). Sign in again.');
  }
}

/** The refresh token was used before: somebody has a copy, so the session is over. */
export class RefreshReused extends DomainError {
  readonly code = 'access.refresh-reused';
  constructor() {
    super('The refresh token was used before, so its session was ended. Sign in again.');
  }
}

/** A part that the answer needs is busy or out of reach for the moment. A write that was under way may have been done. */
export class Unavailable extends DomainError {
  readonly code = 'request.unavailable';
  /** Whole seconds after which another attempt makes sense. */
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds = 1) {
    super('The service cannot answer this at the moment. Try again after as long as Retry-After says.');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A mailed token is unknown, expired, used already, or for something else. */
export class TokenInvalid extends DomainError {
  readonly code = 'access.token-invalid';
  constructor() {
    super(
      'The link is not valid (any more): it was used, has expired, or a newer one was sent. Ask for a new one.',
    );
  }
}

/** A code, recovery code or passkey that does not complete the sign-in. */
export class SecondFactorInvalid extends DomainError {
  readonly code = 'access.second-factor-invalid';
  constructor() {
    super('The code is wrong, was used before, or came too late. Try the next one, or begin again.');
  }
}

/** A passkey that does not let anybody in: unknown, of another place, or its answer is not right. */
export class PasskeyRefused extends DomainError {
  readonly code = 'access.passkey-refused';
  constructor() {
    super('The passkey was not accepted. Try again, or sign in another way.');
  }
}

/** The act needs a recent proof of who somebody is. */
export class StepUpRequired extends DomainError {
  readonly code = 'access.step-up-required';
  constructor() {
    super(
      'Confirm who you are with POST /auth/step-up, and repeat this with the access token that it gives you.',
    );
  }
}

/** The tenant or the role demands a second factor, and this is the last one. */
export class LastSecondFactor extends DomainError {
  readonly code = 'access.last-second-factor';
  constructor() {
    super('Your account must have a second factor, and this is the last one. Add another first.');
  }
}

/** The enrolment was not begun, or begun anew meanwhile, or took too long. */
export class EnrolmentInvalid extends DomainError {
  readonly code = 'access.enrolment-invalid';
  constructor() {
    super('The enrolment cannot be completed: begin it again.');
  }
}

/** The account has as many passkeys as it may have, or this very one. */
export class PasskeyLimit extends DomainError {
  readonly code = 'access.passkey-limit';
  constructor() {
    super('The account has this passkey already, or as many as it may have. Remove one first.');
  }
}

/** A reset of the account's second factors is under way already. */
export class MfaResetPending extends DomainError {
  readonly code = 'access.mfa-reset-pending';
  constructor() {
    super('A reset of the second factors of this account is under way already.');
  }
}

/** What was given for a reason is none. */
export class ReasonRejected extends DomainError {
  readonly code = 'access.reason-rejected';
  constructor() {
    super('Say why, in 1 to 1,000 characters.');
  }
}
