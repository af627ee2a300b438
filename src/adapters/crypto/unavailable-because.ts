import { Unavailable } from '../../domain/access/errors.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';

/** What a failure to get at keys means to those who need them: a refusal as it is, or `Unavailable` with the failure as `cause`. */
export function unavailableBecause(cause: unknown): DomainError {
  if (cause instanceof DomainError) return cause;
  const refusal = new Unavailable();
  refusal.cause = cause;
  return refusal;
}
