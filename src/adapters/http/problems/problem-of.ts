import { RateLimited, StepUpRequired, Unavailable } from '../../../domain/access/errors.ts';
import { STEP_UP_SECONDS } from '../../../domain/access/policy.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { LegacyLinkRequired } from '../../../domain/legacy/errors.ts';
import { IdempotencyKeyInUse } from '../../../domain/shared/errors.ts';
import { RequestRefused } from '../request-refused.ts';
import type { FieldPointers } from '../route.ts';
import type { ProblemBody, ProblemField } from './problem-body.ts';
import { type ProblemCode, type ProblemKind, PROBLEMS } from './problem-catalogue.ts';

/** One occurrence of a problem. */
export interface Problem {
  readonly code: ProblemCode;
  readonly kind: ProblemKind;
  readonly detail: string | undefined;
  readonly errors: readonly ProblemField[] | undefined;
  /** What this problem says beside what all do (RFC 9457, section 3.2). */
  readonly members: ProblemMembers;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it is a bug, or a fault that nobody thought of. */
  readonly unexpected: boolean;
}

/** What only some problems say. */
type ProblemMembers = Pick<ProblemBody, 'linkTicket'>;

/** How a client is told to prove anew who is behind it (RFC 9470, section 3). */
const STEP_UP_CHALLENGE = `Bearer error="insufficient_user_authentication", max_age=${STEP_UP_SECONDS}`;

/**
 * What anything that was thrown looks like from outside. Of what is no refusal, nothing is told.
 *
 * @param pointers the fields that refusals of a use case are about, by code
 */
export function problemOf(error: unknown, pointers: FieldPointers = {}): Problem {
  if (error instanceof RequestRefused) {
    const { detail, errors, headers = {} } = error.details;
    return problem(error.code, detail, headers, errors);
  }
  if (error instanceof DomainError && isKnown(error.code)) {
    const pointer = pointers[error.code];
    const errors = pointer === undefined ? undefined : [{ pointer, detail: error.message }];
    return { ...problem(error.code, error.message, headersOf(error), errors), members: membersOf(error) };
  }
  if (error instanceof URIError) {
    return problem('request.bad-request', 'The path is not well-formed: its percent-encoding is broken.');
  }
  return { ...problem('request.internal', undefined), unexpected: true };
}

function problem(
  code: ProblemCode,
  detail: string | undefined,
  headers: Readonly<Record<string, string>> = {},
  errors?: readonly ProblemField[],
): Problem {
  const kind = PROBLEMS[code];
  return {
    code,
    kind,
    detail,
    errors,
    members: {},
    headers: kind.status === 401 ? { 'WWW-Authenticate': 'Bearer', ...headers } : headers,
    unexpected: false,
  };
}

const isKnown = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code);

function headersOf(error: DomainError): Readonly<Record<string, string>> {
  if (error instanceof RateLimited || error instanceof Unavailable || error instanceof IdempotencyKeyInUse) {
    return { 'Retry-After': String(Math.max(1, Math.ceil(error.retryAfterSeconds))) };
  }
  return error instanceof StepUpRequired ? { 'WWW-Authenticate': STEP_UP_CHALLENGE } : {};
}

const membersOf = (error: DomainError): ProblemMembers =>
  error instanceof LegacyLinkRequired ? { linkTicket: error.linkTicket } : {};
