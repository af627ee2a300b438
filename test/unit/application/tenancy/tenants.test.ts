import { expect } from 'chai';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../../../src/domain/shared/ids.ts';
import {
  DueHoursRejected,
  SlugTaken,
  TenantConflict,
  TenantPoolRejected,
} from '../../../../src/domain/tenancy/errors.ts';
import { ANONYMOUS, anId, SYSTEM } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const CLINIC = { slug: 'clinic', name: 'The clinic' };

describe('The tenants of an installation', () => {
  let here: World;
  let operator: Member;

  beforeEach(async () => {
    here = world();
    operator = await here.member('admin');
    here.clock.advance(1);
  });

  const create = (tenant: Parameters<World['tenant']>[0] = {}, actor: Actor = operator.actor) =>
    here.app.tenancy.createTenant.execute({ actor, tenant: { ...CLINIC, ...tenant } });
  const stored = async (id: string) => (await here.rows('tenants')).find((tenant) => tenant.id === id);

  describe('CreateTenant', () => {
    it('adds one that people can register with', async () => {
      const clinic = await create({ privatePool: 'closed' });
      expect(clinic).to.deep.include({ ...CLINIC, privatePool: 'closed', createdAt: here.clock.now() });
      expect(await stored(clinic.id)).to.deep.equal(clinic);
      expect((await here.patient({ tenant: clinic })).user.tenantId).to.equal(clinic.id);
    });

    it('tells the trail of the operator', async () => {
      const clinic = await create();
      const entries = await here.audited('tenancy.tenant-created');
      expect(entries).to.have.length(1);
      expect(entries[0]).to.deep.include({
        tenantId: DEFAULT_TENANT_ID,
        actor: { kind: 'user', id: operator.user.id },
        subject: { type: 'tenant', id: clinic.id },
        at: here.clock.now(),
      });
    });

    it('refuses a slug that is taken, and leaves no line about it', async () => {
      await create();
      expect(await refusalOf(create({ name: 'Another' }))).to.be.instanceOf(SlugTaken);
      expect(await refusalOf(create({ slug: DEFAULT_TENANT_SLUG }))).to.be.instanceOf(SlugTaken);
      expect(await here.rows('tenants')).to.have.length(2);
      expect(await here.audited('tenancy.tenant-created')).to.have.length(1);
    });

    it('makes one of two of the same slug at once', async () => {
      const outcomes = await Promise.allSettled([create(), create()]);
      expect(outcomes.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
      expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).to.be.instanceOf(SlugTaken);
    });

    it('keeps nothing of one that cannot be audited', async () => {
      const { createTenant } = here.unauditedApp.tenancy;
      const fault = await faultOf(createTenant.execute({ actor: SYSTEM, tenant: CLINIC }));
      expect(fault).to.have.property('message', AUDIT_FAULT);
      expect(await here.rows('tenants')).to.have.length(1);
    });
  });

  describe('UpdateTenant', () => {
    const update = (tenantId: string, changes: object, actor: Actor = operator.actor) =>
      here.app.tenancy.updateTenant.execute({ actor, tenantId, changes });

    it('changes what it is told to', async () => {
      const clinic = await create({ privatePool: 'closed' });
      const changes = { name: 'Another name', passwordPolicy: { minLength: 20 }, privatePool: null };
      const changed = await update(clinic.id, changes);
      expect(changed).to.deep.equal({ ...clinic, ...changes, version: 2 });
      expect(await stored(clinic.id)).to.deep.equal(changed);
    });

    it('tells the trail which parts were changed, not what they are', async () => {
      const clinic = await create();
      await update(clinic.id, { name: 'Another name', mfaRequired: true });
      const entries = await here.audited('tenancy.tenant-changed');
      expect(entries).to.have.length(1);
      expect(entries[0]).to.deep.include({
        tenantId: DEFAULT_TENANT_ID,
        actor: { kind: 'user', id: operator.user.id },
        subject: { type: 'tenant', id: clinic.id },
        details: { changed: 'mfaRequired name' },
      });
    });

    it('refuses due times that no case could keep, and a pool without a name', async () => {
      const clinic = await create();
      const dueHours = { asap: 9, urgent: 8, routine: 7 };
      expect(await refusalOf(update(clinic.id, { dueHours }))).to.be.instanceOf(DueHoursRejected);
      expect(await refusalOf(update(clinic.id, { privatePool: ' ' }))).to.be.instanceOf(TenantPoolRejected);
      expect(await stored(clinic.id)).to.deep.equal(clinic);
      expect(await here.audited('tenancy.tenant-changed')).to.deep.equal([]);
    });

    it('knows none that was never there', async () => {
      expect(await update(anId(), { name: 'Another name' })).to.equal(null);
      expect(await here.audited('tenancy.tenant-changed')).to.deep.equal([]);
    });

    it('keeps the changes of both where two change different things at once', async () => {
      const clinic = await create();
      await Promise.all([update(clinic.id, { name: 'Another' }), update(clinic.id, { mfaRequired: true })]);
      expect(await stored(clinic.id)).to.include({ name: 'Another', mfaRequired: true, version: 3 });
    });

    it('is refused to one of two at the same time, where the database lets them', async () => {
      const clinic = await create();
      const { updateTenant } = here.unisolatedApp.tenancy;
      const outcomes = await Promise.allSettled(
        ['One', 'Other'].map((name) =>
          updateTenant.execute({ actor: SYSTEM, tenantId: clinic.id, changes: { name } }),
        ),
      );
      expect(outcomes.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      expect(refused?.reason).to.be.instanceOf(TenantConflict);
    });

    it('changes nothing where that cannot be audited', async () => {
      const clinic = await create();
      const { updateTenant } = here.unauditedApp.tenancy;
      const act = updateTenant.execute({ actor: SYSTEM, tenantId: clinic.id, changes: { name: 'Another' } });
      expect(await faultOf(act)).to.have.property('message', AUDIT_FAULT);
      expect(await stored(clinic.id)).to.deep.equal(clinic);
    });
  });

  describe('GetTenant and FindTenantBySlug', () => {
    it('show one by its id and by its slug', async () => {
      const clinic = await create();
      const { getTenant, findTenantBySlug } = here.app.tenancy;
      const { actor } = operator;
      expect(await getTenant.execute({ actor, tenantId: clinic.id })).to.deep.equal(clinic);
      expect(await findTenantBySlug.execute({ actor, slug: 'clinic' })).to.deep.equal(clinic);
      expect(await findTenantBySlug.execute({ actor: SYSTEM, slug: DEFAULT_TENANT_SLUG })).to.include({
        id: DEFAULT_TENANT_ID,
      });
    });

    it('know none that was never there', async () => {
      const { getTenant, findTenantBySlug } = here.app.tenancy;
      expect(await getTenant.execute({ actor: operator.actor, tenantId: anId() })).to.equal(null);
      expect(await findTenantBySlug.execute({ actor: operator.actor, slug: 'nowhere' })).to.equal(null);
    });
  });

  describe('ListTenants', () => {
    it('goes from page to page, newest first', async () => {
      const slugs = ['first', 'second', 'third'];
      for (const slug of slugs) {
        here.clock.advance(1);
        await create({ slug });
      }
      const { listTenants } = here.app.tenancy;
      const first = await listTenants.execute({ actor: operator.actor, page: { limit: 2, after: null } });
      const second = await listTenants.execute({
        actor: operator.actor,
        page: { limit: 2, after: first.next },
      });
      expect([...first.items, ...second.items].map(({ slug }) => slug)).to.deep.equal([
        ...slugs.reverse(),
        DEFAULT_TENANT_SLUG,
      ]);
      expect(second.next).to.equal(null);
    });
  });

  it('are the business of the practice’s admins and of the installation only', async () => {
    const clinic = await create();
    const { createTenant, findTenantBySlug, getTenant, listTenants, updateTenant } = here.app.tenancy;
    const actsOf = (actor: Actor) => [
      () => createTenant.execute({ actor, tenant: { slug: 'another', name: 'Another' } }),
      () => updateTenant.execute({ actor, tenantId: clinic.id, changes: { name: 'Another' } }),
      () => getTenant.execute({ actor, tenantId: clinic.id }),
      () => findTenantBySlug.execute({ actor, slug: 'clinic' }),
      () => listTenants.execute({ actor, page: { limit: 25, after: null } }),
    ];
    const members = [
      await here.member('admin', { tenant: clinic }),
      await here.patient(),
      await here.member('physician'),
    ];
    for (const { actor } of members) {
      for (const act of actsOf(actor)) expect(await refusalOf(act())).to.be.instanceOf(Forbidden);
    }
    for (const act of actsOf(ANONYMOUS)) expect(await refusalOf(act())).to.be.instanceOf(Unauthenticated);
    expect(await here.rows('tenants')).to.have.length(2);
    expect(await stored(clinic.id)).to.deep.equal(clinic);
    for (const act of actsOf(SYSTEM)) await act();
  });
});
