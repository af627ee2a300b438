import type { UserId } from '../shared/ids.ts';
import { addSeconds } from '../shared/time.ts';
import { type Case, HELD_STATES, type InfoRequestedCase } from './case.ts';
import type { CaseAct } from './case-event.ts';
import { type Assignable, ineligibilityOf, isAway, mismatchOf } from './eligibility.ts';
import { CaseConflict, FollowUpsOver, PhysicianNotEligible } from './errors.ts';
import { requireState, take, type Transition, without } from './transition.ts';

/** Days in which an answer may be followed up; then it is closed. */
export const FOLLOW_UP_DAYS = 14;
/** How often an answer may be followed up. */
export const FOLLOW_UPS_MAX = 2;

/** Every state of a case with a workflow that was not voided. */
const VISIBLE_STATES = [
  ...HELD_STATES,
  ...(['queued', 'declined', 'cancelled', 'expired'] as const),
] as const;

/** Nothing of the waiting is left once somebody has the case; that it overflowed stays true. */
const taken = (found: Case) => without(found.flags, 'no-candidate', 'unclaimed', 'overdue', 'assignee-away');

/** It waits again: how long for, and whether somebody is there who could take it, is looked at anew at once. */
const requeued = (found: Case) =>
  ({
    to: 'queued',
    physicianId: null,
    flags: without(found.flags, 'assignee-away'),
    clock: { awaySince: null, escalations: 0 },
  }) as const;

/** When the case is due once its pause is over. */
const resumed = (found: InfoRequestedCase, now: Date): Date =>
  addSeconds(found.dueAt, (now.getTime() - found.clock.stateSince.getTime()) / 1000);

/**
 * A physician takes a case from the queue.
 *
 * @throws {CaseConflict} where somebody has it
 * @throws {CaseNotAllowedInState}
 * @throws {PhysicianNotEligible}
 */
export function claim(found: Case, by: Assignable, act: CaseAct): Transition {
  if (found.state === 'assigned' || found.state === 'in_review' || found.state === 'info_requested') {
    throw new CaseConflict();
  }
  requireState(found, 'queued');
  const ineligibility = ineligibilityOf(found, by);
  if (ineligibility !== null) throw new PhysicianNotEligible(ineligibility);
  return take(
    found,
    { type: 'claimed', to: 'assigned', physicianId: by.physician.id, flags: taken(found) },
    act,
  );
}

/**
 * An admin gives a queued case to a physician, who may have more open cases than he takes himself.
 *
 * @throws {CaseNotAllowedInState}
 * @throws {PhysicianNotEligible}
 */
export function assign(found: Case, to: Assignable, act: CaseAct): Transition {
  requireState(found, 'queued');
  requireMatch(found, to);
  return take(
    found,
    { type: 'assigned', to: 'assigned', physicianId: to.physician.id, flags: taken(found) },
    act,
  );
}

/**
 * An admin gives a case that somebody has to somebody else.
 *
 * @throws {CaseNotAllowedInState}
 * @throws {PhysicianNotEligible}
 * @throws {CaseConflict} where he has it already
 */
export function reassign(found: Case, to: Assignable, act: CaseAct): Transition {
  requireState(found, 'assigned', 'in_review', 'info_requested');
  if (found.physicianId === to.physician.id) throw new CaseConflict();
  requireMatch(found, to);
  const dueAt = found.state === 'info_requested' ? resumed(found, act.now) : found.dueAt;
  const physicianId = to.physician.id;
  const step = { type: 'reassigned', to: 'assigned', physicianId, flags: taken(found), dueAt } as const;
  // Where it was assigned already the new assignee has all of his time.
  const { after, ...rest } = take(found, { ...step, clock: { awaySince: null } }, act);
  return { ...rest, after: { ...after, clock: { ...after.clock, stateSince: act.now } } };
}

function requireMatch(found: Case, to: Assignable): void {
  const mismatch = mismatchOf(found, to);
  if (mismatch !== null) throw new PhysicianNotEligible(mismatch);
}

/** The assignee begins. @throws {CaseNotAllowedInState} */
export function start(found: Case, act: CaseAct): Transition {
  requireState(found, 'assigned');
  return take(found, { type: 'started', to: 'in_review' }, act);
}

/** The case goes back to the queue. @throws {CaseNotAllowedInState} */
export function release(found: Case, act: CaseAct): Transition {
  requireState(found, 'assigned', 'in_review');
  return take(found, { type: 'released', ...requeued(found) }, act);
}

/** The assignee asks his patient for something; the clocks pause. @throws {CaseNotAllowedInState} */
export function askInfo(found: Case, act: CaseAct): Transition {
  requireState(found, 'in_review');
  return take(found, { type: 'info-requested', to: 'info_requested', clock: { reminders: 0 } }, act);
}

/**
 * The patient tells what he was asked for; the clocks go on. Where the assignee is away the case goes back to the queue.
 *
 * @throws {CaseNotAllowedInState}
 */
export function reply(found: Case, assignee: Assignable, act: CaseAct): Transition {
  requireState(found, 'info_requested');
  const dueAt = resumed(found, act.now);
  if (!isAway(assignee)) return take(found, { type: 'replied', to: 'in_review', dueAt }, act);
  return take(found, { type: 'replied', ...requeued(found), dueAt }, act);
}

/** The assignee answers. @throws {CaseNotAllowedInState} */
export function answer(found: Case, act: CaseAct): Transition {
  requireState(found, 'in_review');
  const clock = { answeredAt: act.now, awaySince: null };
  return take(found, { type: 'answered', to: 'answered', flags: taken(found), clock }, act);
}

/** The author of an answer adds another version of it; the former ones stay. @throws {CaseNotAllowedInState} */
export function amend(found: Case, act: CaseAct): Transition {
  requireState(found, 'answered');
  return take(found, { type: 'amended', to: 'answered' }, act);
}

/**
 * The patient asks something about the answer; its author has the whole time of the priority for it.
 *
 * @throws {CaseNotAllowedInState}
 * @throws {FollowUpsOver} after 14 days, or two of them
 */
export function followUp(found: Case, author: Assignable, act: CaseAct): Transition {
  requireState(found, 'answered');
  const { answeredAt, dueSeconds, followUps } = found.clock;
  const isLate = answeredAt !== null && act.now > addSeconds(answeredAt, FOLLOW_UP_DAYS * 86_400);
  if (isLate || followUps >= FOLLOW_UPS_MAX) throw new FollowUpsOver();
  const clock = { followUps: followUps + 1, escalations: 0, awaySince: isAway(author) ? act.now : null };
  const dueAt = addSeconds(act.now, dueSeconds);
  return take(found, { type: 'followed-up', to: 'in_review', dueAt, clock }, act);
}

/** The assignee cannot give an opinion on it. @throws {CaseNotAllowedInState} */
export function decline(found: Case, act: CaseAct): Transition {
  requireState(found, 'assigned', 'in_review');
  return end(found, 'declined', 'declined', act);
}

/** The patient wants no opinion any more, or an admin ends it, who may do so while it is reviewed. @throws {CaseNotAllowedInState} */
export function cancel(found: Case, act: CaseAct): Transition {
  if (act.actorRole === 'patient') requireState(found, 'queued', 'assigned', 'info_requested');
  else requireState(found, 'queued', 'assigned', 'info_requested', 'in_review');
  return end(found, 'cancelled', 'cancelled', act);
}

/** The answer is all that the patient wanted, or nobody has followed it up. @throws {CaseNotAllowedInState} */
export function close(found: Case, act: CaseAct): Transition {
  requireState(found, 'answered');
  return take(found, { type: 'closed', to: 'closed' }, act);
}

/** An admin hides the case from everybody but admins; nothing of it is deleted. @throws {CaseNotAllowedInState} */
export function voidCase(found: Case, act: CaseAct): Transition {
  requireState(found, ...VISIBLE_STATES);
  return end(found, 'voided', 'void', act);
}

/** An anonymous case becomes a patient's, whatever has become of it. @throws {CaseNotAllowedInState} */
export function adopt(found: Case, patientId: UserId, act: CaseAct): Transition {
  requireState(found, ...VISIBLE_STATES);
  return take(found, { type: 'adopted', to: found.state, patientId }, act);
}

/** A case becomes the patient's who was linked to its record, whatever has become of it. @throws {CaseNotAllowedInState} */
export function giveToPatient(found: Case, patientId: UserId, act: CaseAct): Transition {
  requireState(found, ...VISIBLE_STATES, 'void');
  return take(found, { type: 'linked', to: found.state, patientId }, act);
}

/** A case is nobody's again, since its patient is linked to its record no more. @throws {CaseNotAllowedInState} */
export function takeFromPatient(found: Case, act: CaseAct): Transition {
  requireState(found, ...VISIBLE_STATES, 'void');
  return take(found, { type: 'unlinked', to: found.state, patientId: null }, act);
}

/**
 * What becomes of a case whose assignee goes away: what he has not begun goes back to the queue, the rest waits for a day, and then for
 * an admin.
 *
 * @returns `null` where nothing does, or he has been away already
 */
export function leave(found: Case, act: CaseAct): Transition | null {
  if (found.state === 'assigned') return release(found, act);
  if (found.state !== 'in_review' && found.state !== 'info_requested') return null;
  if (found.clock.awaySince !== null) return null;
  return take(found, { type: 'assignee-away', to: found.state, clock: { awaySince: act.now } }, act);
}

/**
 * What becomes of a case whose assignee is back.
 *
 * @returns `null` where nothing does
 */
export function comeBack(found: Case, act: CaseAct): Transition | null {
  const isMissed = found.clock.awaySince !== null || found.flags.includes('assignee-away');
  if (!isMissed) return null;
  const flags = without(found.flags, 'assignee-away');
  return take(found, { type: 'assignee-back', to: found.state, flags, clock: { awaySince: null } }, act);
}

/** A case ends without an assignee, with nothing that would still have to be watched. */
export const end = (
  found: Case,
  type: 'declined' | 'cancelled' | 'expired' | 'voided',
  to: 'declined' | 'cancelled' | 'expired' | 'void',
  act: CaseAct,
): Transition => take(found, { type, to, physicianId: null, flags: [], clock: { awaySince: null } }, act);
