import { expect } from 'chai';
import { FollowUpsOver } from '../../../../src/domain/cases/errors.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { SYSTEM } from '../../../support/builders.ts';
import { type CaseLife, caseLife, WORDS } from '../../../support/case-life.ts';
import type { ReachedState } from '../../../support/case-ways.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

describe('What patients add to their cases', () => {
  let here: World;
  let life: CaseLife;

  beforeEach(async () => {
    here = world();
    life = await caseLife(here);
  });

  const onVacation = (vacationMode: boolean) => {
    const { actor } = life.physician;
    return here.app.identity.updateOwnPhysician.execute({ actor, changes: { vacationMode } });
  };
  const disabled = () => {
    const { id: userId } = life.physician.user;
    const changes = { isActive: false };
    return here.app.identity.updateUser.execute({ actor: SYSTEM, userId, changes });
  };

  describe('as a reply', () => {
    it('brings the case back to its assignee, due later by as long as it waited', async () => {
      const asked = await life.inState('info_requested');
      here.clock.advance(30 * HOUR);
      const { case: replied } = await life.act('reply', asked.id);
      expect(replied).to.deep.include({
        state: 'in_review',
        physicianId: life.physician.physician.id,
        dueAt: addSeconds(asked.dueAt, 30 * HOUR),
      });
    });

    it('adds up the pauses of a case whose patient is asked twice', async () => {
      const asked = await life.inState('info_requested');
      for (const hours of [2, 3]) {
        here.clock.advance(hours * HOUR);
        await life.act('reply', asked.id);
        here.clock.advance(HOUR);
        await life.act('ask-info', asked.id);
      }
      expect((await life.stored(asked.id)).dueAt).to.deep.equal(addSeconds(asked.dueAt, 5 * HOUR));
    });

    for (const [what, leave] of [
      ['is on vacation', () => onVacation(true)],
      ['is disabled', disabled],
    ] as const) {
      it(`brings it to the queue where the assignee ${what}, with the reply in it`, async () => {
        const asked = await life.inState('info_requested');
        await leave();
        here.clock.advance(HOUR);
        const { case: replied, conversation } = await life.act('reply', asked.id);
        expect(replied).to.deep.include({
          state: 'queued',
          physicianId: null,
          dueAt: addSeconds(asked.dueAt, HOUR),
        });
        expect(conversation?.messages.at(-1)).to.include({ kind: 'reply', text: WORDS.message });
        expect(await here.rows('assignments')).to.deep.equal([]);
        const { actor } = life.colleague;
        const taken = await life.act('claim', asked.id, { actor });
        expect(taken.conversation?.messages.map(({ kind }) => kind)).to.deep.equal([
          'question',
          'info-request',
          'reply',
        ]);
      });
    }

    it('brings it to the assignee who is back from a vacation', async () => {
      const { id } = await life.inState('info_requested');
      await onVacation(true);
      await onVacation(false);
      expect((await life.act('reply', id)).case.state).to.equal('in_review');
    });
  });

  describe('as a follow-up', () => {
    it('brings the case back to its author, with the whole time of its priority', async () => {
      const { id } = await life.inState('answered');
      here.clock.advance(3 * DAY);
      expect((await life.act('follow-up', id)).case).to.deep.include({
        state: 'in_review',
        physicianId: life.physician.physician.id,
        dueAt: addSeconds(here.clock.now(), 72 * HOUR),
      });
    });

    it('is heard twice, and not a third time', async () => {
      const { id } = await life.inState('answered');
      for (let count = 0; count < 2; count += 1) {
        await life.act('follow-up', id);
        await life.act('answer', id);
      }
      const before = await life.everything();
      expect(await refusalOf(life.attempt('follow-up', id))).to.be.instanceOf(FollowUpsOver);
      expect(await life.everything()).to.deep.equal(before);
    });

    it('is heard for 14 days after the answer, which an amendment does not prolong', async () => {
      const [first, second] = [await life.inState('answered'), await life.inState('answered')];
      here.clock.advance(13 * DAY);
      for (const { id } of [first, second]) await life.act('amend', id);
      here.clock.advance(DAY);
      expect((await life.act('follow-up', first.id)).case.state).to.equal('in_review');
      here.clock.advance(1);
      expect(await refusalOf(life.attempt('follow-up', second.id))).to.be.instanceOf(FollowUpsOver);
    });

    it('has 14 days from the answer to it', async () => {
      const { id } = await life.inState('answered');
      here.clock.advance(10 * DAY);
      await life.act('follow-up', id);
      await life.act('answer', id);
      here.clock.advance(10 * DAY);
      expect((await life.act('follow-up', id)).case.state).to.equal('in_review');
    });
  });

  describe('is nothing more, where an admin cancels', () => {
    for (const state of [
      'queued',
      'assigned',
      'in_review',
      'info_requested',
    ] as const satisfies ReachedState[]) {
      it(`a case that is ${state}`, async () => {
        const { id } = await life.inState(state);
        const { case: cancelled } = await life.act('cancel', id, { actor: life.admin.actor });
        expect(cancelled).to.include({ state: 'cancelled', physicianId: null });
        expect(await here.rows('assignments')).to.deep.equal([]);
      });
    }
  });

  it('stays with a case that an admin hides, which nobody but admins sees any more', async () => {
    const { id: caseId } = await life.inState('answered');
    await life.act('void', caseId);
    const { getCase, listCaseEvents } = here.app.cases;
    const page = { limit: 100, after: null };
    for (const { actor } of [life.patient, life.physician]) {
      expect(await getCase.execute({ actor, caseId })).to.equal(null);
      expect(await listCaseEvents.execute({ actor, caseId, page })).to.equal(null);
    }
    const { actor } = life.admin;
    expect((await getCase.execute({ actor, caseId }))?.case.state).to.equal('void');
    expect(await here.rows('caseMessages')).to.have.length(2);
    expect(await life.eventsOf(caseId)).to.have.length(5);
  });
});
