import { expect } from 'chai';
import { SYSTEM } from '../../../support/builders.ts';
import { type CaseLife, caseLife } from '../../../support/case-life.ts';
import type { ReachedState } from '../../../support/case-ways.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

describe('A case whose assignee goes away', () => {
  let here: World;
  let life: CaseLife;

  beforeEach(async () => {
    here = world();
    life = await caseLife(here);
    here.clock.advance(60);
  });

  const onVacation = (vacationMode: boolean, { actor }: Member = life.physician) =>
    here.app.identity.updateOwnPhysician.execute({ actor, changes: { vacationMode } });
  const change = (changes: { isActive: boolean } | { role: 'patient' | 'physician' }) => {
    const { actor } = life.admin;
    return here.app.identity.updateUser.execute({ actor, userId: life.physician.user.id, changes });
  };
  const runTimers = () => here.app.cases.runCaseTimers.execute({ actor: SYSTEM });
  const mailsToAdmins = async (): Promise<readonly unknown[]> =>
    (await here.deliver()).filter(({ to }) => to === life.admin.user.email).map(({ content }) => content);

  /** How an assignee comes to be away, who did it, and how he comes back. */
  const departures = () =>
    ({
      'goes on vacation': [() => onVacation(true), life.physician, () => onVacation(false)],
      'is disabled': [() => change({ isActive: false }), life.admin, () => change({ isActive: true })],
      'is given another role': [
        () => change({ role: 'patient' }),
        life.admin,
        () => change({ role: 'physician' }),
      ],
    }) as const;

  for (const what of ['goes on vacation', 'is disabled', 'is given another role'] as const) {
    describe(`because he ${what}`, () => {
      it('goes back to the queue where he has not begun, by an event and an entry of whoever did it', async () => {
        const assigned = await life.inState('assigned');
        const [leave, who] = departures()[what];
        await leave();
        const after = await life.stored(assigned.id);
        expect(after).to.deep.include({ state: 'queued', physicianId: null, dueAt: assigned.dueAt });
        expect(await here.rows('assignments')).to.deep.equal([]);
        const { user } = who;
        expect((await life.eventsOf(assigned.id)).at(-1)).to.include({
          type: 'released',
          version: after.version,
          actorId: user.id,
          actorRole: user.role,
        });
        expect((await here.audited('cases.released')).at(-1)).to.deep.include({
          actor: { kind: 'user', id: user.id },
          subject: { type: 'case', id: assigned.id },
          details: { from: 'assigned', to: 'queued', version: after.version, physician: null },
        });
      });

      for (const state of ['in_review', 'info_requested'] as const satisfies ReachedState[]) {
        it(`is shown to the admins after a day, once, where it is ${state}`, async () => {
          const { id } = await life.inState(state);
          const [leave] = departures()[what];
          await leave();
          expect(await life.stored(id)).to.include({ state, physicianId: life.physician.physician.id });
          expect((await life.eventsOf(id)).at(-1)).to.include({ type: 'assignee-away', to: state });
          await here.deliver();
          here.clock.advance(DAY - 1);
          expect(await runTimers()).to.equal(0);
          here.clock.advance(1);
          expect(await runTimers()).to.equal(1);
          expect((await life.stored(id)).flags).to.deep.equal(['assignee-away']);
          expect(await mailsToAdmins()).to.deep.equal([{ kind: 'case-assignee-away', caseId: id }]);
          here.clock.advance(DAY);
          expect(await runTimers()).to.equal(0);
        });
      }

      it('is shown to nobody where he is back within the day', async () => {
        const { id } = await life.inState('in_review');
        const [leave, , comeBack] = departures()[what];
        await leave();
        here.clock.advance(23 * HOUR);
        await comeBack();
        await here.deliver();
        here.clock.advance(DAY);
        await runTimers();
        expect(await life.stored(id)).to.deep.include({ state: 'in_review', flags: [] });
        expect(await mailsToAdmins()).to.deep.equal([]);
      });
    });
  }

  it('is none where he only changes his languages', async () => {
    const { id, version } = await life.inState('assigned');
    const changes = { languages: ['en', 'he'] };
    await here.app.identity.updateOwnPhysician.execute({ actor: life.physician.actor, changes });
    expect(await life.stored(id)).to.include({ state: 'assigned', version });
  });

  it('stays answered or closed, with its author', async () => {
    const cases = [await life.inState('answered'), await life.inState('closed')];
    await onVacation(true);
    for (const found of cases) expect(await life.stored(found.id)).to.deep.equal(found);
  });

  it('waits for a day from its follow-up, where its author was away by then', async () => {
    const { id } = await life.inState('answered');
    await onVacation(true);
    here.clock.advance(3 * DAY);
    await life.act('follow-up', id);
    expect((await life.stored(id)).clock.awaySince).to.deep.equal(here.clock.now());
    here.clock.advance(DAY);
    expect(await runTimers()).to.equal(1);
    expect((await life.stored(id)).flags).to.deep.equal(['assignee-away']);
  });

  it('is no more in anybody’s way once an admin has given it to somebody else', async () => {
    const { id } = await life.inState('in_review');
    await onVacation(true);
    here.clock.advance(DAY);
    await runTimers();
    await life.act('reassign', id);
    expect((await life.stored(id)).flags).to.deep.equal([]);
    await life.act('start', id, { actor: life.colleague.actor });
    here.clock.advance(2 * DAY);
    expect(await runTimers()).to.equal(0);
  });

  it('tells the admins of its own tenant, where he is of the practice', async () => {
    const tenant = await here.tenant();
    const patient = await here.patient({ tenant });
    const admin = await here.member('admin', { tenant });
    const elsewhere = await caseLife(here, { patient, admin, physician: life.physician });
    const [assigned, begun] = [await elsewhere.inState('assigned'), await elsewhere.inState('in_review')];
    await onVacation(true);
    expect((await life.stored(assigned.id)).state).to.equal('queued');
    expect((await here.audited('cases.released')).at(-1)).to.deep.include({
      tenantId: tenant.id,
      actor: { kind: 'user', id: life.physician.user.id },
    });
    await here.deliver();
    here.clock.advance(DAY);
    await runTimers();
    const told = (await here.deliver()).filter(({ content }) => content.kind === 'case-assignee-away');
    expect(told.map(({ to, content }) => [to, content])).to.deep.equal([
      [admin.user.email, { kind: 'case-assignee-away', caseId: begun.id }],
    ]);
  });

  it('is shown a day after he left for good at the latest, however often he was back', async () => {
    const { id } = await life.inState('in_review');
    for (const vacationMode of [true, false, true]) {
      here.clock.advance(8 * HOUR);
      await onVacation(vacationMode);
      await runTimers();
    }
    here.clock.advance(DAY);
    await runTimers();
    expect((await life.stored(id)).flags).to.deep.equal(['assignee-away']);
  });
});
