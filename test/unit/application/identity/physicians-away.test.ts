import { expect } from 'chai';
import type { Case } from '../../../../src/domain/cases/case.ts';
import { DEFAULT_TENANT_ID } from '../../../../src/domain/shared/ids.ts';
import { SYSTEM } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { type Member, type PhysicianMember, type World, world } from '../../../support/world.ts';

type App = World['app'];

/** The ways in which a physician of the practice comes to give no opinions. */
const DEPARTURES: Readonly<Record<string, (app: App, member: PhysicianMember) => Promise<unknown>>> = {
  'goes on vacation': (app, { actor }) =>
    app.identity.updateOwnPhysician.execute({ actor, changes: { vacationMode: true } }),
  'is sent on vacation': (app, { physician }) =>
    app.identity.updatePhysician.execute({
      actor: SYSTEM,
      physicianId: physician.id,
      changes: { vacationMode: true },
    }),
  'is disabled': (app, { user }) =>
    app.identity.updateUser.execute({ actor: SYSTEM, userId: user.id, changes: { isActive: false } }),
  'is given another role': (app, { user }) =>
    app.identity.updateUser.execute({ actor: SYSTEM, userId: user.id, changes: { role: 'admin' } }),
};

describe('A physician who goes away', () => {
  let here: World;
  let patient: Member;
  let member: PhysicianMember;

  beforeEach(async () => {
    here = world();
    patient = await here.patient();
    member = await here.physician();
    here.clock.advance(1);
  });

  const submit = async ({ actor } = patient): Promise<string> => {
    const command = { actor, language: 'en', question: 'Is it so?' };
    return (await here.app.cases.submitCase.execute(command)).view.case.id;
  };
  const claimed = async (sender = patient): Promise<string> => {
    const caseId = await submit(sender);
    await here.app.cases.claimCase.execute({ actor: member.actor, caseId });
    return caseId;
  };
  const begun = async (): Promise<string> => {
    const caseId = await claimed();
    await here.app.cases.startCase.execute({ actor: member.actor, caseId });
    return caseId;
  };
  const stored = async (id: string): Promise<Case | undefined> =>
    (await here.rows('cases')).find((row) => row.id === id);

  for (const [what, leave] of Object.entries(DEPARTURES)) {
    describe(`because he ${what}`, () => {
      it('gives the cases back that he has not begun, and keeps for a day those that he has', async () => {
        const [first, second, review] = [await claimed(), await claimed(), await begun()];
        const other = await here.physician();
        const others = await submit();
        await here.app.cases.claimCase.execute({ actor: other.actor, caseId: others });
        await leave(here.app, member);
        for (const id of [first, second]) {
          expect(await stored(id)).to.include({ state: 'queued', physicianId: null });
        }
        expect(await stored(review)).to.include({ state: 'in_review', physicianId: member.physician.id });
        expect(await stored(others)).to.include({ state: 'assigned', physicianId: other.physician.id });
      });

      it('gives back those of other tenants as well', async () => {
        const elsewhere = await here.patient({ tenant: await here.tenant() });
        const id = await claimed(elsewhere);
        expect(await stored(id)).to.include({ tenantId: elsewhere.user.tenantId, state: 'assigned' });
        await leave(here.app, member);
        expect(await stored(id)).to.include({ tenantId: elsewhere.user.tenantId, state: 'queued' });
      });

      it('stays, and keeps his cases, where that cannot be audited', async () => {
        const id = await claimed();
        expect(await faultOf(leave(here.unauditedApp, member))).to.have.property('message', AUDIT_FAULT);
        expect(await stored(id)).to.include({ state: 'assigned', physicianId: member.physician.id });
        expect((await here.app.identity.getProfile.execute(member)).physician).to.deep.equal(
          member.physician,
        );
      });
    });
  }

  it('gets nothing back when the vacation ends', async () => {
    const id = await claimed();
    const { updateOwnPhysician } = here.app.identity;
    const { actor } = member;
    for (const vacationMode of [true, false]) {
      await updateOwnPhysician.execute({ actor, changes: { vacationMode } });
    }
    expect(await stored(id)).to.include({ state: 'queued', physicianId: null });
    await here.app.cases.claimCase.execute({ actor, caseId: id });
    await updateOwnPhysician.execute({ actor, changes: { vacationMode: false, languages: ['en', 'he'] } });
    expect(await stored(id)).to.include({ state: 'assigned', physicianId: member.physician.id });
  });

  it('was not there as a physician: an account of this role without one is disabled as any other', async () => {
    const { user } = await here.member('physician');
    const changes = { isActive: false };
    const changed = await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: user.id, changes });
    expect(changed).to.include({ isActive: false, tenantId: DEFAULT_TENANT_ID });
  });
});
