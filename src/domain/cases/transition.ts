import type { PhysicianId, UserId } from '../shared/ids.ts';
import { type Case, CASE_FLAGS, type CaseClock, type CaseFlag, caseOf, type CaseState } from './case.ts';
import type { CaseAct, CaseEvent, CaseEventType } from './case-event.ts';
import { CaseConflict, CaseNotAllowedInState } from './errors.ts';

/** One step in the life of a case: what it was, what it is, and the event between the two. */
export interface Transition {
  readonly before: Case;
  readonly after: Case;
  readonly event: CaseEvent;
}

/** What a step changes. */
export interface Step {
  readonly type: CaseEventType;
  readonly to: CaseState;
  /** The assignee stays unless told. */
  readonly physicianId?: PhysicianId | null;
  /** The patient stays unless told. */
  readonly patientId?: UserId | null;
  readonly flags?: readonly CaseFlag[];
  readonly dueAt?: Date;
  readonly clock?: Partial<Omit<CaseClock, 'dueSeconds' | 'stateSince'>>;
}

/** The step, taken: the version grows by one, and the clock of the state begins anew where the state is another. */
export function take(found: Case, step: Step, { eventId, actorId, actorRole, now }: CaseAct): Transition {
  const { type, to, physicianId = found.physicianId, clock, ...changes } = step;
  const stateSince = to === found.state ? found.clock.stateSince : now;
  const version = found.version + 1;
  const after = caseOf(
    { ...found, ...changes, version, updatedAt: now, clock: { ...found.clock, ...clock, stateSince } },
    to,
    physicianId,
  );
  const event = {
    id: eventId,
    caseId: found.id,
    type,
    from: found.state,
    to,
    version,
    actorId,
    actorRole,
    at: now,
  };
  return { before: found, after, event };
}

/**
 * Lets an act through that goes with the state of the case.
 *
 * @throws {CaseNotAllowedInState}
 */
export function requireState<State extends CaseState>(
  found: Case,
  ...states: readonly State[]
): asserts found is Extract<Case, { readonly state: State }> {
  if (!(states as readonly CaseState[]).includes(found.state)) throw new CaseNotAllowedInState(found.state);
}

/**
 * Lets an act through that was decided on the case as it is.
 *
 * @param version what the act was decided on; anything goes where it is left out
 * @throws {CaseConflict}
 */
export function requireVersion(found: Case, version: number | undefined): void {
  if (version !== undefined && version !== found.version) throw new CaseConflict();
}

/** The flags without some of them. */
export const without = (flags: readonly CaseFlag[], ...dropped: readonly CaseFlag[]): readonly CaseFlag[] =>
  flags.filter((flag) => !dropped.includes(flag));

/** The flags with another, once, each in its place. */
export const withFlag = (flags: readonly CaseFlag[], added: CaseFlag): readonly CaseFlag[] =>
  CASE_FLAGS.filter((flag) => flag === added || flags.includes(flag));
