import { addSeconds, earlier } from '../shared/time.ts';
import {
  type AnsweredCase,
  type Case,
  CASE_FLAGS,
  type CaseFlag,
  type InfoRequestedCase,
  type QueuedCase,
} from './case.ts';
import type { CaseAct } from './case-event.ts';
import { release, end, FOLLOW_UP_DAYS } from './workflow.ts';
import { take, type Transition, without, withFlag } from './transition.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Seconds that an anonymous case lives, and its receipt counts. */
export const ANONYMOUS_SECONDS = DAY;
/** The parts of its time after which a case that nobody has claimed is escalated. */
export const ESCALATION_STEPS = [0.25, 0.5, 1] as const;
/** Seconds between looks at whether somebody is there who could take a case that waits. */
export const WATCH_SECONDS = HOUR;
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
  'expire-anonymous' | 'watch' | 'release' | 'assignee-away' | 'remind' | 'expire-info' | 'close';

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
export const nextTimer = (found: Case): NextTimer | null => timersOf(found)[0] ?? null;

/**
 * When to look at a case again that was looked at now and left as it is.
 *
 * @returns `null` where time has nothing to do with it
 */
export function nextLook(found: Case, now: Date): Date | null {
  const due = timersOf(found).map(({ at }) => at);
  const watched = found.state === 'queued' ? [...stepTimes(found), addSeconds(now, WATCH_SECONDS)] : [];
  const times = [...due, ...watched].filter((at) => at > now);
  return times.reduce<Date | null>((first, at) => (first ? earlier(first, at) : at), null);
}

/** In the order of their times. */
const timersOf = (found: Case): readonly NextTimer[] =>
  [...stateTimers(found), ...anonymousTimers(found), ...awayTimers(found)].sort(
    (a, b) => a.at.getTime() - b.at.getTime(),
  );

function stateTimers(found: Case): readonly NextTimer[] {
  switch (found.state) {
    case 'queued':
      return [watching(found)];
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
const stepTimes = ({ clock, dueAt }: QueuedCase): readonly Date[] =>
  ESCALATION_STEPS.map((part) => addSeconds(dueAt, (part - 1) * clock.dueSeconds));

/** At the next step of the escalation, and now and then before; at once where it has just come back to the queue. */
function watching(found: QueuedCase): NextTimer {
  const { clock, createdAt, updatedAt } = found;
  const isBack = updatedAt.getTime() === clock.stateSince.getTime() && clock.stateSince > createdAt;
  const look = isBack ? clock.stateSince : addSeconds(updatedAt, WATCH_SECONDS);
  const step = stepTimes(found)[clock.escalations];
  return { timer: 'watch', at: step ? earlier(step, look) : look };
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

/** Somebody is behind a case of the legacy service, whether or not his account is known. */
const anonymousTimers = ({ createdAt, origin, patientId, state }: Case): readonly NextTimer[] =>
  patientId === null && origin === 'casegate' && MORTAL.includes(state)
    ? [{ timer: 'expire-anonymous', at: addSeconds(createdAt, ANONYMOUS_SECONDS) }]
    : [];

const awayTimers = ({ clock: { awaySince } }: Case): readonly NextTimer[] =>
  awaySince === null ? [] : [{ timer: 'assignee-away', at: addSeconds(awaySince, AWAY_SECONDS) }];

/**
 * What time has brought about by now.
 *
 * @returns `null` where nothing is due, or what is due changes nothing
 */
export function onTimer(found: Case, act: CaseAct, given: TimerCircumstances): Transition | null {
  for (const { at, timer } of timersOf(found)) {
    const transition = at > act.now ? null : STEPS[timer](found, act, given);
    if (transition) return transition;
  }
  return null;
}

const STEPS: Readonly<
  Record<CaseTimer, (found: Case, act: CaseAct, given: TimerCircumstances) => Transition | null>
> = {
  'expire-anonymous': (found, act) => end(found, 'expired', 'expired', act),
  'expire-info': (found, act) => end(found, 'expired', 'expired', act),
  release,
  watch,
  remind: (found, act) =>
    take(found, { type: 'reminded', to: found.state, clock: { reminders: found.clock.reminders + 1 } }, act),
  'assignee-away': (found, act, { isAssigneeAway }) => {
    if (!isAssigneeAway) return null;
    const flags = withFlag(found.flags, 'assignee-away');
    return take(found, { type: 'escalated', to: found.state, flags, clock: { awaySince: null } }, act);
  },
  close: (found, act) => take(found, { type: 'closed', to: 'closed' }, act),
};

const stepsReached = (found: QueuedCase, now: Date): number =>
  Math.max(found.clock.escalations, stepTimes(found).filter((at) => at <= now).length);

/**
 * How a case that waits is flagged by the time that it has waited. A quarter of its time: unclaimed. Half of it: open to the shared
 * physicians, where the tenant allows. All of it: overdue.
 */
export function flagsByTime(
  found: QueuedCase,
  now: Date,
  { allowOverflow }: Pick<TimerCircumstances, 'allowOverflow'>,
): readonly CaseFlag[] {
  const steps = stepsReached(found, now);
  const reached: readonly CaseFlag[] = [
    ...(steps >= 1 ? (['unclaimed'] as const) : []),
    ...(steps >= 2 && allowOverflow && found.pool !== null ? (['overflow'] as const) : []),
    ...(steps >= 3 ? (['overdue'] as const) : []),
  ];
  return CASE_FLAGS.filter((flag) => found.flags.includes(flag) || reached.includes(flag));
}

/** Takes a case that waits to the step that its time has reached, and flags whether somebody could take it. */
function watch(found: Case, act: CaseAct, given: TimerCircumstances): Transition | null {
  if (found.state !== 'queued') return null;
  const escalations = stepsReached(found, act.now);
  const byTime = flagsByTime(found, act.now, given);
  const flags = given.hasCandidate ? without(byTime, 'no-candidate') : withFlag(byTime, 'no-candidate');
  const isReached = escalations > found.clock.escalations;
  const isSame = flags.length === found.flags.length && flags.every((flag) => found.flags.includes(flag));
  if (!isReached && isSame) return null;
  const overflows = flags.includes('overflow') && !found.flags.includes('overflow');
  const type = overflows ? 'overflowed' : isReached ? 'escalated' : 'flagged';
  return take(found, { type, to: 'queued', flags, clock: { escalations } }, act);
}
