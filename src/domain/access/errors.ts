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
  constructor() {
    super('Your role does not allow this.');
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
