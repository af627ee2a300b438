import { expect } from 'chai';
import { type Case, CASE_STATES, type CaseFlag, type CaseState } from '../../../../src/domain/cases/case.ts';
import {
  type CaseTimer,
  nextTimer,
  onTimer,
  type TimerCircumstances,
} from '../../../../src/domain/cases/timers.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { aCase, anAct, NOW } from '../../../support/builders.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

const USUAL: TimerCircumstances = { allowOverflow: true, hasCandidate: true, isAssigneeAway: false };

const held = (state: CaseState, given: Parameters<typeof aCase>[0] = {}): Case =>
  aCase({ state, physicianId: 'assignee', ...given });

const withClock = (found: Case, clock: Partial<Case['clock']>): Case => ({
  ...found,
  clock: { ...found.clock, ...clock },
});

const NEXT: readonly (readonly [string, Case, CaseTimer, number])[] = [
  ['a queued case', aCase(), 'escalate', 18 * HOUR],
  ['one that was escalated once', withClock(aCase(), { escalations: 1 }), 'escalate', 36 * HOUR],
  ['one that was escalated twice', withClock(aCase(), { escalations: 2 }), 'escalate', 72 * HOUR],
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
  ['an anonymous case that waits, first', aCase({ patientId: null }), 'escalate', 18 * HOUR],
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

  it('comes later by as long as the clocks paused', () => {
    const paused = aCase({ dueAt: addSeconds(NOW, 72 * HOUR + 5000) });
    expect(nextTimer(paused)?.at).to.deep.equal(addSeconds(NOW, 18 * HOUR + 5000));
  });
});

describe('The escalation of a case that nobody claims', () => {
  const escalated = (found: Case, given = USUAL): readonly CaseFlag[] =>
    onTimer(found, anAct('system', addSeconds(NOW, 100 * HOUR)), given)!.after.flags;

  it('flags it as unclaimed, lets it overflow, and flags it as overdue', () => {
    let found = aCase({ pool: 'hearts' });
    const steps: unknown[] = [];
    for (let step = onTimer(found, anAct('system', addSeconds(NOW, 100 * HOUR)), USUAL); step;) {
      found = step.after;
      steps.push([step.event.type, [...found.flags]]);
      step = onTimer(found, anAct('system', addSeconds(NOW, 100 * HOUR)), USUAL);
    }
    expect(steps).to.deep.equal([
      ['escalated', ['unclaimed']],
      ['overflowed', ['unclaimed', 'overflow']],
      ['escalated', ['unclaimed', 'overflow', 'overdue']],
    ]);
  });

  it('keeps it in its pool where the tenant allows no overflow, or there is no pool to leave', () => {
    const half = withClock(aCase({ pool: 'hearts' }), { escalations: 1 });
    expect(escalated(half, { ...USUAL, allowOverflow: false })).to.deep.equal(['unclaimed']);
    expect(escalated(withClock(aCase(), { escalations: 1 }))).to.deep.equal(['unclaimed']);
  });

  it('flags and unflags that nobody could take it', () => {
    expect(escalated(aCase(), { ...USUAL, hasCandidate: false })).to.include('no-candidate');
    expect(escalated(aCase({ flags: ['no-candidate'] }))).not.to.include('no-candidate');
  });
});

describe('A case whose assignee has been away for a day', () => {
  const due = withClock(held('in_review'), { awaySince: NOW });
  const step = (isAssigneeAway: boolean) =>
    onTimer(due, anAct('system', addSeconds(NOW, DAY)), { ...USUAL, isAssigneeAway })!.after;

  it('is flagged once, where he still is', () => {
    const after = step(true);
    expect(after.flags).to.deep.equal(['assignee-away']);
    expect(nextTimer(after)).to.equal(null);
  });

  it('is not flagged where he is back', () => {
    expect(step(false).flags).to.deep.equal([]);
  });
});
