import { expect } from 'chai';
import { Forbidden } from '../../../../src/domain/access/errors.ts';
import type { Case } from '../../../../src/domain/cases/case.ts';
import { CaseConflict } from '../../../../src/domain/cases/errors.ts';
import { SYSTEM } from '../../../support/builders.ts';
import { type CaseLife, caseLife, WORDS } from '../../../support/case-life.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import {
  type GivenPhysician,
  type Member,
  type PhysicianMember,
  type World,
  world,
} from '../../../support/world.ts';

/** Physicians of the practice who may not take a routine case in English of the shared pool. */
const INELIGIBLE: Readonly<Record<string, GivenPhysician>> = {
  'is on vacation': { vacationMode: true },
  'serves a closed pool': { privatePool: 'hearts' },
  'does not answer in its language': { languagePreference: 'he', languages: ['he', 'ru'] },
  'answers in another variety of its language only': { languagePreference: 'en-GB' },
};

describe('ClaimCase', () => {
  let here: World;
  let life: CaseLife;

  beforeEach(async () => {
    here = world();
    life = await caseLife(here);
  });

  const claim = ({ actor }: Pick<Member, 'actor'>, { id: caseId }: Case, app = here.app) =>
    app.cases.claimCase.execute({ actor, caseId });
  const outcomesOf = async (acts: readonly Promise<unknown>[]) => {
    const outcomes = await Promise.allSettled(acts);
    return {
      done: outcomes.filter(({ status }) => status === 'fulfilled').length,
      refused: outcomes.flatMap((outcome): unknown[] =>
        outcome.status === 'rejected' ? [outcome.reason] : [],
      ),
    };
  };

  it('gives an eligible physician the case with its text, and keeps who has it', async () => {
    const submitted = await life.submit();
    here.clock.advance(60);
    const view = await claim(life.physician, submitted);
    expect(view?.case).to.deep.include({ physicianId: life.physician.physician.id, dueAt: submitted.dueAt });
    expect(view?.conversation?.question).to.equal(WORDS.question);
    expect(await here.rows('assignments')).to.deep.equal([
      {
        physicianId: life.physician.physician.id,
        physicianTenantId: life.physician.user.tenantId,
        assignedAt: here.clock.now(),
      },
    ]);
  });

  it('takes away what was said of the waiting', async () => {
    const submitted = await life.submit();
    here.clock.advance(72 * 3600);
    await here.app.cases.runCaseTimers.execute({ actor: SYSTEM });
    expect((await life.stored(submitted.id)).flags).to.deep.equal(['unclaimed', 'overdue']);
    expect((await claim(life.physician, submitted))?.case.flags).to.deep.equal([]);
  });

  for (const [what, given] of Object.entries(INELIGIBLE)) {
    it(`is forbidden to a physician who ${what}`, async () => {
      const submitted = await life.submit();
      const before = await life.everything();
      expect(await refusalOf(claim(await here.physician(given), submitted))).to.be.instanceOf(Forbidden);
      expect((await life.everything()).cases).to.deep.equal(before.cases);
    });
  }

  it('is forbidden to an account of the role that nobody has made a physician of', async () => {
    const member = await here.member('physician');
    expect(await refusalOf(claim(member, await life.submit()))).to.be.instanceOf(Forbidden);
  });

  it('is forbidden to a physician who was disabled, or is none any more, whatever his token says', async () => {
    for (const changes of [{ isActive: false }, { role: 'patient' }] as const) {
      const member = await here.physician();
      const submitted = await life.submit();
      await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: member.user.id, changes });
      expect(await refusalOf(claim(member, submitted))).to.be.instanceOf(Forbidden);
    }
  });

  it('goes by every language of the physician, in any of its varieties', async () => {
    const member = await here.physician({ languagePreference: 'he', languages: ['en'] });
    for (const language of ['he', 'iw', 'en', 'en-GB']) {
      expect(await claim(member, await life.submit({ language }))).to.have.nested.property(
        'case.state',
        'assigned',
      );
    }
  });

  describe('at the limit of open cases', () => {
    let busy: PhysicianMember;
    beforeEach(async () => {
      busy = await here.physician({ maxOpenCases: 2 });
      for (let count = 0; count < 2; count += 1) await claim(busy, await life.submit());
    });

    it('is forbidden, until a case is answered, given back or over', async () => {
      const [first, second] = (await here.rows('cases')) as [Case, Case];
      const { actor } = busy;
      expect(await refusalOf(claim(busy, await life.submit()))).to.be.instanceOf(Forbidden);
      await life.act('release', first.id, { actor });
      await claim(busy, await life.submit());
      await life.act('start', second.id, { actor });
      await life.act('ask-info', second.id, { actor });
      expect(await refusalOf(claim(busy, await life.submit()))).to.be.instanceOf(Forbidden);
      await life.act('reply', second.id);
      await life.act('answer', second.id, { actor });
      expect(await claim(busy, await life.submit())).not.to.equal(null);
    });

    it('is forbidden also to one who claims many cases at once', async () => {
      const eager = await here.physician({ maxOpenCases: 3 });
      const cases: Case[] = [];
      for (let count = 0; count < 8; count += 1) cases.push(await life.submit());
      const { done, refused } = await outcomesOf(cases.map((one) => claim(eager, one)));
      expect(done).to.equal(3);
      for (const refusal of refused) expect(refusal).to.be.instanceOf(Forbidden);
      const taken = (await here.rows('cases')).filter(
        ({ physicianId }) => physicianId === eager.physician.id,
      );
      expect(taken).to.have.length(3);
    });
  });

  describe('of sixty physicians at once', () => {
    for (const [what, appOf] of [
      ['where the database keeps them apart', () => here.app],
      ['where it does not', () => here.unisolatedApp],
    ] as const) {
      it(`is done by one, and a conflict for the others, ${what}`, async () => {
        const members: PhysicianMember[] = [];
        for (let count = 0; count < 60; count += 1) members.push(await here.physician());
        const submitted = await life.submit();
        const { done, refused } = await outcomesOf(
          members.map((member) => claim(member, submitted, appOf())),
        );
        expect(done).to.equal(1);
        expect(refused).to.have.length(59);
        for (const refusal of refused) expect(refusal).to.be.instanceOf(CaseConflict);
        const [claimed, ...others] = await here.audited('cases.claimed');
        expect(others).to.deep.equal([]);
        const { physicianId } = await life.stored(submitted.id);
        const winner = members.find(({ physician }) => physician.id === physicianId);
        expect(claimed?.actor).to.deep.equal({ kind: 'user', id: winner?.user.id });
        expect(await here.audited('cases.text-read')).to.have.length(1);
      });
    }
  });

  it('leaves no case with a physician who goes on vacation at the same time', async () => {
    const submitted = await life.submit();
    const { actor } = life.physician;
    const { refused } = await outcomesOf([
      claim(life.physician, submitted),
      here.app.identity.updateOwnPhysician.execute({ actor, changes: { vacationMode: true } }),
    ]);
    for (const refusal of refused) expect(refusal).to.be.instanceOf(Forbidden);
    expect(await life.stored(submitted.id)).to.include({ state: 'queued', physicianId: null });
  });
});
