import { addSeconds } from '../shared/time.ts';
import type { AnsweredCase, Case, InfoRequestedCase, QueuedCase } from './case.ts';
import type { CaseAct } from './case-event.ts';
import { release, end, FOLLOW_UP_DAYS } from './workflow.ts';
import { take, type Transition, without, withFlag } from './transition.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Seconds that an anonymous case lives, and its receipt counts. */
export const ANONYMOUS_SECONDS = DAY;
/** The parts of its time after which a case that nobody has claimed is escalated. */
export const ESCALATION_STEPS = [0.25, 0.5, 1] as const;
/** Seconds after which a case that was assigned and not started goes back to the queue. */
export const START_SECONDS = 4 * HOUR;
/** Seconds after which a case in the hands of somebody who is away is shown to an admin. */
export const AWAY_SECONDS = DAY;
/** Seconds after which a patient is reminded of a question to him. */
export const REMINDER_SECONDS = [3 * DAY, 7 * DAY] as const;
/** Seconds after which a case ends whose patient does not answer a question. */
export const INFO_SECONDS = 14 * DAY;

/** What time brings about. */
export type CaseTimer =
  'expire-anonymous' | 'escalate' | 'release' | 'assignee-away' | 'remind' | 'expire-info' | 'close';

/** What comes next of itself, and when. */
export interface NextTimer {
  readonly timer: CaseTimer;
  readonly at: Date;
}

/** What a timer's step depends on, besides the case. */
export interface TimerCircumstances {
  readonly allowOverflow: boolean;
  /** Whether somebody is there who could take the case, whatever his load. */
  readonly hasCandidate: boolean;
  /** Of the assignee, where the case has one. */
  readonly isAssigneeAway: boolean;
}

/** When the patient's time to answer a question is over. */
export const infoExpiresAt = (asked: InfoRequestedCase): Date =>
  addSeconds(asked.clock.stateSince, INFO_SECONDS);

/**
 * What time brings about next.
 *
 * @returns `null` where the case stays as it is until somebody acts on it
 */
export function nextTimer(found: Case): NextTimer | null {
  const timers = [...stateTimers(found), ...anonymousTimers(found), ...awayTimers(found)];
  return timers.reduce<NextTimer | null>(
    (first, next) => (first && first.at <= next.at ? first : next),
    null,
  );
}

function stateTimers(found: Case): readonly NextTimer[] {
  switch (found.state) {
    case 'queued':
      return escalation(found);
    case 'assigned':
      return [{ timer: 'release', at: addSeconds(found.clock.stateSince, START_SECONDS) }];
    case 'info_requested':
      return [reminder(found)];
    case 'answered':
      return [closing(found)];
    default:
      return [];
  }
}

// Measured back from the due time, which moves when the clocks pause.
function escalation({ clock, dueAt }: QueuedCase): readonly NextTimer[] {
  const part = ESCALATION_STEPS[clock.escalations];
  return part === undefined
    ? []
    : [{ timer: 'escalate', at: addSeconds(dueAt, (part - 1) * clock.dueSeconds) }];
}

function reminder(found: InfoRequestedCase): NextTimer {
  const { reminders, stateSince } = found.clock;
  const seconds = REMINDER_SECONDS[reminders];
  return seconds === undefined
    ? { timer: 'expire-info', at: infoExpiresAt(found) }
    : { timer: 'remind', at: addSeconds(stateSince, seconds) };
}

function closing({ clock }: AnsweredCase): NextTimer {
  return { timer: 'close', at: addSeconds(clock.answeredAt ?? clock.stateSince, FOLLOW_UP_DAYS * DAY) };
}

const MORTAL: readonly Case['state'][] = ['queued', 'assigned', 'in_review', 'info_requested', 'answered'];

const anonymousTimers = ({ createdAt, patientId, state }: Case): readonly NextTimer[] =>
  patientId === null && MORTAL.includes(state)
    ? [{ timer: 'expire-anonymous', at: addSeconds(createdAt, ANONYMOUS_SECONDS) }]
    : [];

const awayTimers = ({ clock: { awaySince } }: Case): readonly NextTimer[] =>
  awaySince === null ? [] : [{ timer: 'assignee-away', at: addSeconds(awaySince, AWAY_SECONDS) }];

/**
 * What time has brought about by now.
 *
 * @returns `null` where nothing is due
 */
export function onTimer(found: Case, { now, ...act }: CaseAct, given: TimerCircumstances): Transition | null {
  const next = nextTimer(found);
  if (!next || next.at > now) return null;
  return STEPS[next.timer](found, { ...act, now }, given);
}

const STEPS: Readonly<
  Record<CaseTimer, (found: Case, act: CaseAct, given: TimerCircumstances) => Transition>
> = {
  'expire-anonymous': (found, act) => end(found, 'expired', 'expired', act),
  'expire-info': (found, act) => end(found, 'expired', 'expired', act),
  release,
  escalate,
  remind: (found, act) =>
    take(found, { type: 'reminded', to: found.state, clock: { reminders: found.clock.reminders + 1 } }, act),
  'assignee-away': (found, act, { isAssigneeAway }) => {
    const flags = isAssigneeAway
      ? withFlag(found.flags, 'assignee-away')
      : without(found.flags, 'assignee-away');
    return take(found, { type: 'escalated', to: found.state, flags, clock: { awaySince: null } }, act);
  },
  close: (found, act) => take(found, { type: 'closed', to: 'closed' }, act),
};

/** A quarter of the time: unclaimed. Half of it: open to the shared physicians, where the tenant allows. All of it: overdue. */
function escalate(
  found: Case,
  act: CaseAct,
  { allowOverflow, hasCandidate }: TimerCircumstances,
): Transition {
  const escalations = found.clock.escalations + 1;
  const overflows = escalations === 2 && allowOverflow && found.pool !== null;
  const added = overflows ? 'overflow' : escalations === 3 ? 'overdue' : 'unclaimed';
  const flags = withFlag(found.flags, added);
  return take(
    found,
    {
      type: overflows ? 'overflowed' : 'escalated',
      to: found.state,
      flags: hasCandidate ? without(flags, 'no-candidate') : withFlag(flags, 'no-candidate'),
      clock: { escalations },
    },
    act,
  );
}
