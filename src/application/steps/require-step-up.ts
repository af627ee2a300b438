import type { EnrollingActor, UserActor } from '../../domain/access/actor.ts';
import { StepUpRequired, Unauthenticated } from '../../domain/access/errors.ts';
import { requireRecentProof } from '../../domain/access/policy.ts';
import { type FactorSummary, hasSecondFactor } from '../../domain/access/second-factor.ts';
import { authenticationLevel } from '../../domain/access/session.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** What judging how sure it is who somebody is needs. */
export interface StepUpJudging {
  readonly clock: Clock;
  readonly unitOfWork: UnitOfWork<'sessions' | 'secondFactors'>;
}

/**
 * Holds an act that needs a recent proof against the actor's: within the last minutes, and by two factors where the account has a
 * second one, since whoever has only the password must not be able to take that away. The level is the session's, which an
 * enrolment raises before the access token tells.
 *
 * @returns the account's second factors
 * @throws {StepUpRequired}
 * @throws {Unauthenticated} where the session is gone
 */
export async function requireStepUp(
  deps: StepUpJudging,
  actor: UserActor | EnrollingActor,
): Promise<FactorSummary> {
  requireRecentProof(actor, deps.clock.now());
  return requireSecondFactor(deps, actor);
}

/** The same, where the request itself carries a fresh proof of the first factor. */
export async function requireSecondFactor(
  { unitOfWork }: StepUpJudging,
  actor: UserActor | EnrollingActor,
): Promise<FactorSummary> {
  const { sessions, secondFactors } = unitOfWork.stores(actor.tenantId);
  const factors = await secondFactors.summary(actor.userId);
  if (!hasSecondFactor(factors)) return factors;
  // Whoever has yet to enrol his first factor has nothing to do with an account that has one by now.
  if (actor.kind === 'enrolling') throw new Unauthenticated();
  const session = await sessions.find(actor.sessionId);
  if (!session) throw new Unauthenticated();
  if (authenticationLevel(session.amr) !== 'aal2') throw new StepUpRequired();
  return factors;
}
