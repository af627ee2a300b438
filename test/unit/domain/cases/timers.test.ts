import { expect } from 'chai';
import {
  type Case,
  CASE_STATES,
  type CaseFlag,
  type CaseState,
  type QueuedCase,
} from '../../../../src/domain/cases/case.ts';
import {
  type CaseTimer,
  flagsByTime,
  nextLook,
  nextTimer,
  onTimer,
  type TimerCircumstances,
} from '../../../../src/domain/cases/timers.ts';
import { release } from '../../../../src/domain/cases/workflow.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { aCase, anAct, NOW } from '../../../support/builders.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

const USUAL: TimerCircumstances = { allowOverflow: true, hasCandidate: true, isAssigneeAway: true };

const held = (state: CaseState, given: Parameters<typeof aCase>[0] = {}): Case =>
  aCase({ state, physicianId: 'assignee', ...given });

const withClock = (found: Case, clock: Partial<Case['clock']>): Case => ({
  ...found,
  clock: { ...found.clock, ...clock },
});

const NEXT: readonly (readonly [string, Case, CaseTimer, number])[] = [
  ['an assigned case', held('assigned'), 'release', 4 * HOUR],
  ['a case whose patient was asked', held('info_requested'), 'remind', 3 * DAY],
  ['one that was reminded once', withClock(held('info_requested'), { reminders: 1 }), 'remind', 7 * DAY],
  [
    'one that was reminded twice',
    withClock(held('info_requested'), { reminders: 2 }),
    'expire-info',
    14 * DAY,
  ],
  ['an answered case', withClock(held('answered'), { answeredAt: NOW }), 'close', 14 * DAY],
  [
    'a reviewed case of somebody away',
    withClock(held('in_review'), { awaySince: NOW }),
    'assignee-away',
    DAY,
  ],
  ['an anonymous case in review', held('in_review', { patientId: null }), 'expire-anonymous', DAY],
];

describe('What time brings about', () => {
  for (const [name, found, timer, seconds] of NEXT) {
    it(`for ${name} is "${timer}" after ${String(seconds / HOUR)} h, and nothing before`, () => {
      expect(nextTimer(found)).to.deep.equal({ timer, at: addSeconds(NOW, seconds) });
      expect(onTimer(found, anAct('system', addSeconds(NOW, seconds - 1)), USUAL)).to.equal(null);
      const transition = onTimer(found, anAct('system', addSeconds(NOW, seconds)), USUAL);
      expect(transition?.after.version).to.equal(2);
      expect(transition?.event.actorRole).to.equal('system');
    });
  }

  for (const state of CASE_STATES) {
    if (['queued', 'assigned', 'info_requested', 'answered'].includes(state)) continue;
    it(`is nothing for a case of a patient in state ${state}`, () => {
      const isHeld = state === 'in_review' || state === 'closed';
      expect(nextTimer(isHeld ? held(state) : aCase({ state }))).to.equal(null);
    });
  }
});

describe('A case that waits for a physician', () => {
  const at = (hours: number) => anAct('system', addSeconds(NOW, hours * HOUR));
  const looked = (found: Case, hours: number, given: Partial<TimerCircumstances> = {}) =>
    onTimer(found, at(hours), { ...USUAL, ...given });
  /** Looked at again and again until nothing changes any more. */
  const steps = (found: Case, hours: number, given: Partial<TimerCircumstances> = {}) => {
    const taken: [string, readonly CaseFlag[]][] = [];
    for (let step = looked(found, hours, given); step; step = looked(step.after, hours, given)) {
      taken.push([step.event.type, step.after.flags]);
    }
    return taken;
  };

  it('is looked at after an hour, and then every hour, until the next step of its escalation', () => {
    expect(nextTimer(aCase())).to.deep.equal({ timer: 'watch', at: addSeconds(NOW, HOUR) });
    expect(looked(aCase(), 1)).to.equal(null);
    expect(nextLook(aCase(), addSeconds(NOW, HOUR))).to.deep.equal(addSeconds(NOW, 2 * HOUR));
    expect(nextLook(aCase(), addSeconds(NOW, 17.5 * HOUR))).to.deep.equal(addSeconds(NOW, 18 * HOUR));
    expect(nextLook(aCase(), addSeconds(NOW, 80 * HOUR))).to.deep.equal(addSeconds(NOW, 81 * HOUR));
  });

  for (const [hours, flags] of [
    [17.999, []],
    [18, ['unclaimed']],
    [36, ['unclaimed']],
    [72, ['unclaimed', 'overdue']],
  ] as const) {
    it(`is flagged ${flags.join(' and ') || 'by nothing'} after ${hours} of its 72 hours`, () => {
      expect(steps(aCase(), hours).at(-1)?.[1] ?? []).to.deep.equal(flags);
    });
  }

  it('is taken at once to the step that its time has reached', () => {
    const pooled = aCase({ pool: 'hearts' });
    expect(steps(pooled, 100)).to.deep.equal([['overflowed', ['unclaimed', 'overflow', 'overdue']]]);
    expect(steps(pooled, 100, { allowOverflow: false })).to.deep.equal([
      ['escalated', ['unclaimed', 'overdue']],
    ]);
  });

  it('overflows at half of its time, or whenever the tenant begins to allow it after that', () => {
    const pooled = aCase({ pool: 'hearts' });
    expect(steps(pooled, 35.999)).to.deep.equal([['escalated', ['unclaimed']]]);
    expect(steps(pooled, 36)).to.deep.equal([['overflowed', ['unclaimed', 'overflow']]]);
    const closed = looked(pooled, 50, { allowOverflow: false })!.after;
    expect(steps(closed, 55)).to.deep.equal([['overflowed', ['unclaimed', 'overflow']]]);
  });

  it('stays in the shared pool where it is', () => {
    expect(steps(aCase(), 100)).to.deep.equal([['escalated', ['unclaimed', 'overdue']]]);
  });

  it('is asked about as it will be flagged', () => {
    const pooled = aCase({ pool: 'hearts' }) as QueuedCase;
    const flags = flagsByTime(pooled, addSeconds(NOW, 40 * HOUR), { allowOverflow: true });
    expect(flags).to.deep.equal(['unclaimed', 'overflow']);
  });

  it('is flagged within the hour where nobody is left who could take it, and unflagged where somebody has come', () => {
    expect(steps(aCase(), 1, { hasCandidate: false })).to.deep.equal([['flagged', ['no-candidate']]]);
    expect(steps(aCase({ flags: ['no-candidate'] }), 1)).to.deep.equal([['flagged', []]]);
  });

  it('is looked at at once where it has come back, and flagged by all of the time that it has waited', () => {
    const { after } = release(held('assigned', { version: 5 }), anAct('system', addSeconds(NOW, 80 * HOUR)));
    expect(nextTimer(after)?.at).to.be.at.most(addSeconds(NOW, 80 * HOUR));
    expect(steps(after, 80, { hasCandidate: false })).to.deep.equal([
      ['escalated', ['no-candidate', 'unclaimed', 'overdue']],
    ]);
  });

  it('is looked at at once where it has come back, also before the first step of its escalation', () => {
    const { after } = release(held('assigned', { version: 5 }), at(2));
    expect(nextTimer(after)).to.deep.equal({ timer: 'watch', at: addSeconds(NOW, 2 * HOUR) });
    expect(steps(after, 2, { hasCandidate: false })).to.deep.equal([['flagged', ['no-candidate']]]);
    expect(nextLook(after, addSeconds(NOW, 2 * HOUR))).to.deep.equal(addSeconds(NOW, 3 * HOUR));
  });

  it('is escalated later by as long as its clocks paused', () => {
    const paused = aCase({ dueAt: addSeconds(NOW, 74 * HOUR) });
    expect(steps(paused, 19.999)).to.deep.equal([]);
    expect(steps(paused, 20)).to.deep.equal([['escalated', ['unclaimed']]]);
  });

  it('without a patient ends after a day, whatever else is due', () => {
    const anonymous = aCase({ patientId: null });
    expect(looked(anonymous, 24)?.event.type).to.equal('escalated');
    expect(steps(anonymous, 24).at(-1)).to.deep.equal(['expired', []]);
  });
});

describe('A case whose assignee has been away for a day', () => {
  const due = withClock(held('info_requested'), { awaySince: NOW });
  const step = (hours: number, isAssigneeAway: boolean) =>
    onTimer(due, anAct('system', addSeconds(NOW, hours * HOUR)), { ...USUAL, isAssigneeAway });

  it('is flagged once, where he still is', () => {
    const { after } = step(24, true)!;
    expect(after.flags).to.deep.equal(['assignee-away']);
    expect(nextTimer(after)?.timer).to.equal('remind');
  });

  it('is left as it is where he is back, and what else is due is done', () => {
    expect(step(24, false)).to.equal(null);
    expect(nextLook(due, addSeconds(NOW, DAY))).to.deep.equal(addSeconds(NOW, 3 * DAY));
    expect(step(72, false)?.event.type).to.equal('reminded');
  });
});
