import { expect } from 'chai';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import type { PagePosition } from '../../../../src/domain/shared/page.ts';
import { ANONYMOUS, anId, SYSTEM, systemOf } from '../../../support/builders.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

describe('The accounts of a tenant', () => {
  let here: World;
  let admin: Member;
  let otherAdmin: Member;

  beforeEach(async () => {
    here = world();
    admin = await here.member('admin');
    otherAdmin = await here.member('admin', { tenant: await here.tenant() });
  });

  describe('ListUsers', () => {
    const list = ({ actor }: { actor: Member['actor'] }, limit = 100, after: PagePosition | null = null) =>
      here.app.identity.listUsers.execute({ actor, page: { limit, after } });

    it('shows an admin the accounts of his tenant only', async () => {
      const patient = await here.patient();
      expect((await list(admin)).items.map(({ id }) => id)).to.have.members([admin.user.id, patient.user.id]);
      expect((await list(otherAdmin)).items).to.deep.equal([otherAdmin.user]);
    });

    it('shows the installation those of the tenant that it works in', async () => {
      const page = { limit: 100, after: null };
      const actor = systemOf(otherAdmin.user.tenantId);
      const { items } = await here.app.identity.listUsers.execute({ actor, page });
      expect(items).to.deep.equal([otherAdmin.user]);
    });

    it('goes from page to page, newest first, each account once', async () => {
      const added: string[] = [admin.user.id];
      for (let count = 0; count < 6; count += 1) {
        // Two at each moment, so that the id decides between them.
        if (count % 2 === 0) here.clock.advance(1);
        added.push((await here.patient()).user.id);
      }
      const seen: string[] = [];
      let after: PagePosition | null = null;
      for (const expected of [3, 3, 1]) {
        const page = await list(admin, 3, after);
        expect(page.items).to.have.length(expected);
        seen.push(...page.items.map(({ id }) => id));
        after = page.next;
      }
      expect(after).to.equal(null);
      expect(seen).to.deep.equal(added.reverse());
    });

    it('loses and repeats nobody where somebody registers meanwhile', async () => {
      await here.patient();
      const first = await list(admin, 1);
      here.clock.advance(1);
      await here.patient();
      const second = await list(admin, 1, first.next);
      expect(second.items.map(({ id }) => id)).to.deep.equal([admin.user.id]);
      expect(second.next).to.equal(null);
    });
  });

  describe('GetUser', () => {
    const get = (actor: Member['actor'] | typeof SYSTEM, userId: string) =>
      here.app.identity.getUser.execute({ actor, userId });

    it('shows an account of the tenant', async () => {
      const patient = await here.patient();
      expect(await get(admin.actor, patient.user.id)).to.deep.equal(patient.user);
      expect(await get(SYSTEM, patient.user.id)).to.deep.equal(patient.user);
    });

    it('knows none of another tenant, nor one that was never there', async () => {
      expect(await get(admin.actor, otherAdmin.user.id)).to.equal(null);
      expect(await get(otherAdmin.actor, admin.user.id)).to.equal(null);
      expect(await get(admin.actor, anId())).to.equal(null);
    });
  });

  it('are for admins only', async () => {
    const { getUser, listUsers } = here.app.identity;
    const page = { limit: 25, after: null };
    const members = [await here.patient(), await here.member('physician')];
    for (const { actor, user } of members) {
      expect(await refusalOf(listUsers.execute({ actor, page }))).to.be.instanceOf(Forbidden);
      expect(await refusalOf(getUser.execute({ actor, userId: user.id }))).to.be.instanceOf(Forbidden);
    }
    expect(await refusalOf(listUsers.execute({ actor: ANONYMOUS, page }))).to.be.instanceOf(Unauthenticated);
    const asked = getUser.execute({ actor: ANONYMOUS, userId: admin.user.id });
    expect(await refusalOf(asked)).to.be.instanceOf(Unauthenticated);
  });
});
