import { expect } from 'chai';
import { Forbidden } from '../../../../src/domain/access/errors.ts';
import { CaseConflict, PhysicianNotEligible } from '../../../../src/domain/cases/errors.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { anId, SYSTEM } from '../../../support/builders.ts';
import { type CaseLife, caseLife, type CaseVerb } from '../../../support/case-life.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type GivenPhysician, type PhysicianMember, type World, world } from '../../../support/world.ts';

const INELIGIBLE: Readonly<Record<string, GivenPhysician>> = {
  'is on vacation': { vacationMode: true },
  'serves a closed pool': { privatePool: 'hearts' },
  'does not answer in its language': { languagePreference: 'he' },
};

describe('Giving a case to a physician', () => {
  let here: World;
  let life: CaseLife;

  beforeEach(async () => {
    here = world();
    life = await caseLife(here);
  });

  const give = (verb: CaseVerb, caseId: string, { physician }: PhysicianMember) =>
    life.attempt(verb, caseId, { physicianId: physician.id });

  for (const [verb, state] of [
    ['assign', 'queued'],
    ['reassign', 'in_review'],
  ] as const) {
    describe(`by "${verb}"`, () => {
      for (const [what, given] of Object.entries(INELIGIBLE)) {
        it(`is refused where the physician ${what}`, async () => {
          const { id } = await life.inState(state);
          const other = await here.physician(given);
          const before = await life.everything();
          expect(await refusalOf(give(verb, id, other))).to.be.instanceOf(PhysicianNotEligible);
          expect(await life.everything()).to.deep.equal(before);
        });
      }

      it('is refused where the physician is disabled, or none any more', async () => {
        const { id } = await life.inState(state);
        for (const changes of [{ isActive: false }, { role: 'admin' }] as const) {
          const other = await here.physician();
          await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: other.user.id, changes });
          expect(await refusalOf(give(verb, id, other))).to.be.instanceOf(PhysicianNotEligible);
        }
      });

      it('goes beyond the limit that the physician himself keeps to', async () => {
        const busy = await here.physician({ maxOpenCases: 1 });
        for (let count = 0; count < 3; count += 1) {
          const { id } = await life.inState(state);
          expect((await give(verb, id, busy))?.case.physicianId).to.equal(busy.physician.id);
        }
        const { id: caseId } = await life.submit();
        const claiming = here.app.cases.claimCase.execute({ actor: busy.actor, caseId });
        expect(await refusalOf(claiming)).to.be.instanceOf(Forbidden);
      });

      it('finds no physician who was never there', async () => {
        const { id } = await life.inState(state);
        const before = await life.everything();
        expect(await life.attempt(verb, id, { physicianId: anId() })).to.equal(null);
        expect(await life.everything()).to.deep.equal(before);
      });

      it('leaves no case with a physician who goes on vacation at the same time', async () => {
        const { id } = await life.inState(state);
        const { actor, physician } = life.colleague;
        await Promise.allSettled([
          give(verb, id, life.colleague),
          here.app.identity.updateOwnPhysician.execute({ actor, changes: { vacationMode: true } }),
        ]);
        expect((await life.stored(id)).physicianId).not.to.equal(physician.id);
      });
    });
  }

  it('takes it from whoever had it, who reads nothing of it any more', async () => {
    const { id: caseId } = await life.inState('in_review');
    const { getCase } = here.app.cases;
    await life.act('reassign', caseId);
    expect(await getCase.execute({ actor: life.physician.actor, caseId })).to.equal(null);
    const view = await getCase.execute({ actor: life.colleague.actor, caseId });
    expect(view?.case).to.include({ state: 'assigned', physicianId: life.colleague.physician.id });
    expect(view?.conversation).not.to.equal(null);
    expect(await here.rows('assignments')).to.deep.equal([
      {
        physicianId: life.colleague.physician.id,
        physicianTenantId: life.colleague.user.tenantId,
        assignedAt: here.clock.now(),
      },
    ]);
  });

  it('is a conflict where he has the case already', async () => {
    const { id } = await life.inState('in_review');
    expect(await refusalOf(give('reassign', id, life.physician))).to.be.instanceOf(CaseConflict);
  });

  it('gives the new assignee all of his time to start', async () => {
    const { id } = await life.inState('assigned');
    here.clock.advance(3 * 3600);
    const { case: given } = await life.act('reassign', id);
    expect(given.clock.stateSince).to.deep.equal(here.clock.now());
  });

  it('ends the pause of a case whose patient was asked', async () => {
    const asked = await life.inState('info_requested');
    here.clock.advance(5 * 3600);
    const { case: given } = await life.act('reassign', asked.id);
    expect(given).to.deep.include({ state: 'assigned', dueAt: addSeconds(asked.dueAt, 5 * 3600) });
  });

  it('is done by one of two admins who give it to two physicians at once', async () => {
    const { id } = await life.submit();
    const { assignCase } = here.unisolatedApp.cases;
    const { actor } = life.admin;
    const outcomes = await Promise.allSettled(
      [life.physician, life.colleague].map(({ physician }) =>
        assignCase.execute({ actor, caseId: id, physicianId: physician.id, reason: 'It waits.' }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).to.be.instanceOf(CaseConflict);
    await here.deliver();
    const told = here.adapters.mailer.sent.filter(({ content }) => content.kind === 'case-assigned');
    expect(told).to.have.length(1);
  });
});
