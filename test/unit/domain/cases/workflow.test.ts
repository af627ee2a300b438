import { expect } from 'chai';
import { type Case, CASE_STATES, type CaseState, HELD_STATES } from '../../../../src/domain/cases/case.ts';
import type { CaseAct, CaseEventType } from '../../../../src/domain/cases/case-event.ts';
import type { Assignable } from '../../../../src/domain/cases/eligibility.ts';
import {
  CaseConflict,
  CaseNotAllowedInState,
  FollowUpsOver,
  PhysicianNotEligible,
} from '../../../../src/domain/cases/errors.ts';
import { requireVersion, type Transition } from '../../../../src/domain/cases/transition.ts';
import * as workflow from '../../../../src/domain/cases/workflow.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { aCase, anAct, aPhysician, NOW } from '../../../support/builders.ts';

const DAY = 86_400;
const LATER = addSeconds(NOW, 3600);

const assignableTo = (physician = aPhysician()): Assignable => ({
  physician,
  isActive: true,
  role: 'physician',
  openCases: 0,
});
const AWAY = assignableTo(aPhysician({ vacationMode: true }));

const inState = (state: CaseState, given: Parameters<typeof aCase>[0] = {}): Case =>
  aCase({
    state,
    physicianId: (HELD_STATES as readonly string[]).includes(state) ? 'assignee' : null,
    ...given,
  });

type Verb = (found: Case, act: CaseAct) => Transition;

/** Every verb by the event that it is, with the states that it goes with and the one that it leads to. */
const VERBS: readonly (readonly [
  CaseEventType,
  Verb,
  CaseAct['actorRole'],
  readonly CaseState[],
  CaseState,
])[] = [
  [
    'claimed',
    (found, act) => workflow.claim(found, assignableTo(), act),
    'physician',
    ['queued'],
    'assigned',
  ],
  ['assigned', (found, act) => workflow.assign(found, assignableTo(), act), 'admin', ['queued'], 'assigned'],
  [
    'reassigned',
    (found, act) => workflow.reassign(found, assignableTo(), act),
    'admin',
    ['assigned', 'in_review', 'info_requested'],
    'assigned',
  ],
  ['started', workflow.start, 'physician', ['assigned'], 'in_review'],
  ['released', workflow.release, 'physician', ['assigned', 'in_review'], 'queued'],
  ['info-requested', workflow.askInfo, 'physician', ['in_review'], 'info_requested'],
  [
    'replied',
    (found, act) => workflow.reply(found, assignableTo(), act),
    'patient',
    ['info_requested'],
    'in_review',
  ],
  ['answered', workflow.answer, 'physician', ['in_review'], 'answered'],
  ['amended', workflow.amend, 'physician', ['answered'], 'answered'],
  [
    'followed-up',
    (found, act) => workflow.followUp(found, assignableTo(), act),
    'patient',
    ['answered'],
    'in_review',
  ],
  ['declined', workflow.decline, 'physician', ['assigned', 'in_review'], 'declined'],
  ['cancelled', workflow.cancel, 'patient', ['queued', 'assigned', 'info_requested'], 'cancelled'],
  ['cancelled', workflow.cancel, 'admin', ['queued', 'assigned', 'in_review', 'info_requested'], 'cancelled'],
  ['closed', workflow.close, 'patient', ['answered'], 'closed'],
  [
    'voided',
    workflow.voidCase,
    'admin',
    CASE_STATES.filter((state) => state !== 'void' && state !== 'legacy'),
    'void',
  ],
];

describe('The workflow of a case', () => {
  for (const [type, verb, role, from, to] of VERBS) {
    for (const state of CASE_STATES) {
      const act = anAct(role, LATER);
      if (!from.includes(state)) {
        it(`refuses "${type}" by ${role} in state ${state}, and changes nothing`, () => {
          expect(() => verb(inState(state), act)).to.throw(
            type === 'claimed' && ['assigned', 'in_review', 'info_requested'].includes(state)
              ? CaseConflict
              : CaseNotAllowedInState,
          );
        });
        continue;
      }
      it(`leads by "${type}" of ${role} from ${state} to ${to}, one version and one event further`, () => {
        const found = inState(state, { version: 4 });
        const { before, after, event } = verb(found, act);
        expect(before).to.equal(found);
        expect(after).to.include({ id: found.id, state: to, version: 5, updatedAt: LATER });
        expect(event).to.deep.equal({
          id: act.eventId,
          caseId: found.id,
          type,
          from: state,
          to,
          version: 5,
          actorId: act.actorId,
          actorRole: role,
          at: LATER,
        });
      });
    }
  }

  it('lets no act through that was decided on another version', () => {
    expect(() => requireVersion(aCase({ version: 2 }), 1)).to.throw(CaseConflict);
    expect(() => requireVersion(aCase({ version: 2 }), 2)).not.to.throw();
    expect(() => requireVersion(aCase({ version: 2 }), undefined)).not.to.throw();
  });
});

describe('Giving a case to a physician', () => {
  it('refuses somebody who cannot have it, and says why', () => {
    expect(() => workflow.claim(aCase(), AWAY, anAct('physician'))).to.throw(
      PhysicianNotEligible,
      'vacation',
    );
    expect(() => workflow.assign(aCase(), AWAY, anAct('admin'))).to.throw(PhysicianNotEligible, 'vacation');
    expect(() => workflow.reassign(inState('in_review'), AWAY, anAct('admin'))).to.throw(
      PhysicianNotEligible,
    );
  });

  it('lets an admin give more than a physician takes himself', () => {
    const full = { ...assignableTo(), openCases: 10 };
    expect(() => workflow.claim(aCase(), full, anAct('physician'))).to.throw(
      PhysicianNotEligible,
      'open cases',
    );
    expect(workflow.assign(aCase(), full, anAct('admin')).after.physicianId).to.equal(full.physician.id);
  });

  it('is no change where he has it already', () => {
    const to = assignableTo();
    const found = inState('in_review', { physicianId: to.physician.id });
    expect(() => workflow.reassign(found, to, anAct('admin'))).to.throw(CaseConflict);
  });

  it('ends what the waiting had flagged, and keeps that it overflowed', () => {
    const found = aCase({ pool: null, flags: ['no-candidate', 'unclaimed', 'overflow', 'overdue'] });
    expect(workflow.claim(found, assignableTo(), anAct('physician')).after.flags).to.deep.equal(['overflow']);
  });

  it('gives a new assignee all of his time to start', () => {
    const found = inState('assigned');
    const { after } = workflow.reassign(found, assignableTo(), anAct('admin', LATER));
    expect(after.clock.stateSince).to.deep.equal(LATER);
  });
});

describe('The clocks of a case', () => {
  it('pause while its patient is asked: it is due later by as long as he took', () => {
    const asked = workflow.askInfo(inState('in_review'), anAct('physician', LATER)).after;
    const replied = workflow.reply(asked, assignableTo(), anAct('patient', addSeconds(LATER, 5000))).after;
    expect(replied.dueAt).to.deep.equal(addSeconds(asked.dueAt, 5000));
  });

  it('go on as well where somebody else gets it meanwhile', () => {
    const asked = workflow.askInfo(inState('in_review'), anAct('physician', LATER)).after;
    const given = workflow.reassign(asked, assignableTo(), anAct('admin', addSeconds(LATER, 700))).after;
    expect(given.dueAt).to.deep.equal(addSeconds(asked.dueAt, 700));
  });

  it('begin anew with a follow-up', () => {
    const { after } = workflow.followUp(inState('answered'), assignableTo(), anAct('patient', LATER));
    expect(after.dueAt).to.deep.equal(addSeconds(LATER, after.clock.dueSeconds));
  });
});

describe('A reply whose assignee is away', () => {
  it('sends the case back to the queue, due later by the pause', () => {
    const asked = inState('info_requested', { flags: ['assignee-away'] });
    const { after } = workflow.reply(asked, AWAY, anAct('patient', LATER));
    expect(after).to.include({ state: 'queued', physicianId: null });
    expect(after.flags).to.deep.equal([]);
    expect(after.dueAt).to.deep.equal(addSeconds(asked.dueAt, 3600));
  });
});

describe('A follow-up', () => {
  const answeredAt = (seconds: number, followUps = 0): Case => {
    const found = inState('answered');
    return { ...found, clock: { ...found.clock, answeredAt: addSeconds(NOW, -seconds), followUps } };
  };

  it('is allowed for 14 days to the second', () => {
    expect(() => workflow.followUp(answeredAt(14 * DAY), assignableTo(), anAct('patient'))).not.to.throw();
    expect(() => workflow.followUp(answeredAt(14 * DAY + 1), assignableTo(), anAct('patient'))).to.throw(
      FollowUpsOver,
    );
  });

  it('is allowed twice', () => {
    expect(() => workflow.followUp(answeredAt(0, 1), assignableTo(), anAct('patient'))).not.to.throw();
    expect(() => workflow.followUp(answeredAt(0, 2), assignableTo(), anAct('patient'))).to.throw(
      FollowUpsOver,
    );
  });

  it('to somebody who is away waits for an admin', () => {
    const { after } = workflow.followUp(answeredAt(0), AWAY, anAct('patient', LATER));
    expect(after.clock.awaySince).to.deep.equal(LATER);
  });
});

describe('A case whose assignee goes away', () => {
  it('goes back to the queue where he has not begun', () => {
    const { after } = workflow.leave(inState('assigned'), anAct('physician'))!;
    expect(after).to.include({ state: 'queued', physicianId: null });
  });

  for (const state of ['in_review', 'info_requested'] as const) {
    it(`stays with him in ${state}, and its clock for the admin begins`, () => {
      const { after, event } = workflow.leave(inState(state), anAct('admin', LATER))!;
      expect(after).to.include({ state, physicianId: 'assignee' });
      expect(after.clock.awaySince).to.deep.equal(LATER);
      expect(event.type).to.equal('assignee-away');
    });
  }

  it('is his as before once he is back, and no admin has to look at it', () => {
    const left = workflow.leave(inState('in_review', { flags: ['assignee-away'] }), anAct('admin'))!.after;
    const { after, event } = workflow.comeBack(left, anAct('physician', LATER))!;
    expect(after).to.include({ state: 'in_review', physicianId: 'assignee' });
    expect(after.clock.awaySince).to.equal(null);
    expect(after.flags).to.deep.equal([]);
    expect(event.type).to.equal('assignee-back');
    expect(workflow.comeBack(after, anAct('physician', LATER))).to.equal(null);
  });

  it('is not touched where it is answered', () => {
    expect(workflow.leave(inState('answered'), anAct('physician'))).to.equal(null);
  });
});

describe('An anonymous case', () => {
  it('becomes somebody\u2019s in the state that it is in', () => {
    const found = inState('answered', { patientId: null });
    const { after, event } = workflow.adopt(found, 'patient', anAct('patient', LATER));
    expect(after).to.include({ state: 'answered', patientId: 'patient', version: 2 });
    expect(event).to.include({ type: 'adopted', from: 'answered', to: 'answered' });
  });

  it('that was voided becomes nobody\u2019s', () => {
    expect(() => workflow.adopt(inState('void'), 'patient', anAct('patient'))).to.throw(
      CaseNotAllowedInState,
    );
  });
});
