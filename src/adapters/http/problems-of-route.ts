import { POLICY } from '../../domain/access/policy.ts';
import type { ProblemCode } from './problems/problem-catalogue.ts';
import type { Route } from './route.ts';

/** Every refusal that a route can answer with: those of its use case, and those that its declaration brings with it. */
export function problemsOfRoute({
  access,
  idempotent,
  input,
  limit,
  problems,
}: Route): ReadonlySet<ProblemCode> {
  const isPublic = access === 'public';
  const isReadAt = input.params ?? input.query ?? input.headers ?? input.body;
  const needsStepUp = access !== 'public' && 'stepUp' in POLICY[access];
  return new Set<ProblemCode>([
    ...when(!isPublic, 'access.unauthenticated', 'access.forbidden', 'request.unavailable'),
    ...when(needsStepUp, 'access.step-up-required'),
    ...when(limit !== 'none', 'request.rate-limited'),
    'request.bad-request',
    ...when(
      input.body !== undefined,
      'request.malformed-json',
      'request.payload-too-large',
      'request.unsupported-media-type',
    ),
    ...when(isReadAt !== undefined, 'request.invalid'),
    ...when(idempotent, 'request.idempotency-key-in-use', 'request.idempotency-key-reused'),
    ...when(input.params !== undefined, 'request.not-found'),
    ...problems,
    'request.headers-too-large',
    'request.internal',
  ]);
}

const when = (holds: boolean, ...codes: readonly ProblemCode[]): readonly ProblemCode[] =>
  holds ? codes : [];
