import { DomainError } from './domain-error.ts';

/** The key stands for another request of the same sender. */
export class IdempotencyKeyReused extends DomainError {
  readonly code = 'request.idempotency-key-reused';
  constructor() {
    super('This key was sent with a different request before. Send each request with a key of its own.');
  }
}

/** The first request with this key is still under way. */
export class IdempotencyKeyInUse extends DomainError {
  readonly code = 'request.idempotency-key-in-use';
  /** Whole seconds after which a repetition makes sense. */
  readonly retryAfterSeconds = 1;
  constructor() {
    super('The first request with this key is still under way. Repeat it after as long as Retry-After says.');
  }
}
