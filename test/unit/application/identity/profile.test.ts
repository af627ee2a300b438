import { expect } from 'chai';
import { Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { UserConflict } from '../../../../src/domain/identity/errors.ts';
import { ANONYMOUS, aPhysician, aUserActor, SYSTEM } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

describe('One’s own account', () => {
  let here: World;
  let person: Member;

  beforeEach(async () => {
    here = world();
    person = await here.patient();
    here.clock.advance(1);
  });

  describe('GetProfile', () => {
    const profile = ({ actor }: Member) => here.app.identity.getProfile.execute({ actor });
    const plantPhysician = (userId: string) =>
      here.adapters.database.write((tables) => {
        const physician = aPhysician({ userId });
        tables.physicians.add(physician.id, physician);
        return physician;
      });

    it('shows the account, and no physician to a patient', async () => {
      expect(await profile(person)).to.deep.equal({ user: person.user, physician: null });
    });

    it('shows a physician what he is as one', async () => {
      const member = await here.member('physician');
      await plantPhysician(person.user.id);
      const physician = await plantPhysician(member.user.id);
      expect(await profile(member)).to.deep.equal({ user: member.user, physician });
    });

    it('shows a physician without an entry as none', async () => {
      const member = await here.member('physician');
      expect(await profile(member)).to.deep.equal({ user: member.user, physician: null });
    });

    it('shows no physician to one who is none any more', async () => {
      await plantPhysician(person.user.id);
      expect((await profile(person)).physician).to.equal(null);
    });

    it('is nobody’s who has no account', async () => {
      for (const actor of [ANONYMOUS, SYSTEM, aUserActor('patient')]) {
        const { getProfile } = here.app.identity;
        expect(await refusalOf(getProfile.execute({ actor }))).to.be.instanceOf(Unauthenticated);
      }
    });

    it('is not found in another tenant', async () => {
      const { id: tenantId } = await here.tenant();
      const actor = { ...person.actor, tenantId };
      const { getProfile } = here.app.identity;
      expect(await refusalOf(getProfile.execute({ actor }))).to.be.instanceOf(Unauthenticated);
    });
  });

  describe('UpdateProfile', () => {
    const update = (language: string, { actor } = person) =>
      here.app.identity.updateProfile.execute({ actor, language });
    const stored = async () => (await here.rows('users')).find(({ id }) => id === person.user.id);

    it('changes the language, and nothing that the person may do', async () => {
      const { user, physician } = await update('he');
      expect(physician).to.equal(null);
      expect(user).to.deep.equal({
        ...person.user,
        language: 'he',
        version: 2,
        updatedAt: here.clock.now(),
      });
      expect(await stored()).to.deep.equal(user);
      expect(await here.whoIs(person.tokens)).to.deep.equal(person.actor);
    });

    it('tells the trail', async () => {
      await update('he');
      const entries = await here.audited('identity.profile-changed');
      expect(entries).to.have.length(1);
      expect(entries[0]).to.deep.include({
        actor: { kind: 'user', id: person.user.id },
        subject: { type: 'user', id: person.user.id },
        at: here.clock.now(),
      });
    });

    it('keeps the account as it was where that cannot be audited', async () => {
      const { updateProfile } = here.unauditedApp.identity;
      const fault = await faultOf(updateProfile.execute({ actor: person.actor, language: 'he' }));
      expect(fault).to.have.property('message', AUDIT_FAULT);
      expect(await stored()).to.deep.equal(person.user);
    });

    it('is refused to one of two at the same time, where the database lets them', async () => {
      const { updateProfile } = here.unisolatedApp.identity;
      const outcomes = await Promise.allSettled(
        ['he', 'fr'].map((language) => updateProfile.execute({ actor: person.actor, language })),
      );
      expect(outcomes.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      expect(refused?.reason).to.be.instanceOf(UserConflict);
    });

    it('is nobody’s who has no account', async () => {
      for (const actor of [ANONYMOUS, SYSTEM, aUserActor('patient')]) {
        const act = here.app.identity.updateProfile.execute({ actor, language: 'he' });
        expect(await refusalOf(act)).to.be.instanceOf(Unauthenticated);
      }
    });
  });
});
