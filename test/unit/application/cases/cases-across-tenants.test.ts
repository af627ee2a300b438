import { expect } from 'chai';
import { Forbidden } from '../../../../src/domain/access/errors.ts';
import type { Case } from '../../../../src/domain/cases/case.ts';
import type { Tenant } from '../../../../src/domain/tenancy/tenant.ts';
import { type CaseLife, caseLife } from '../../../support/case-life.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type PhysicianMember, type World, world } from '../../../support/world.ts';

const ALL = { filter: { state: null, language: null, source: null }, page: { limit: 100, after: null } };

describe('Cases of a tenant beside the practice', () => {
  let here: World;
  /** A tenant with a closed pool. */
  let fund: Tenant;
  let life: CaseLife;
  /** Of the practice, for the pool of the tenant. */
  let pooled: PhysicianMember;
  /** Of the practice, for everybody. */
  let shared: PhysicianMember;
  let submitted: Case;

  beforeEach(async () => {
    here = world();
    fund = await here.tenant({ privatePool: 'fund' });
    pooled = await here.physician({ privatePool: 'fund' });
    shared = await here.physician();
    life = await caseLife(here, {
      patient: await here.patient({ tenant: fund }),
      admin: await here.member('admin', { tenant: fund }),
      physician: pooled,
    });
    submitted = await life.submit();
    here.clock.advance(60);
  });

  const get = ({ actor }: Member, { id: caseId } = submitted) =>
    here.app.cases.getCase.execute({ actor, caseId });
  const claim = ({ actor }: Member, { id: caseId } = submitted) =>
    here.app.cases.claimCase.execute({ actor, caseId });

  it('are served by the practice’s physicians of their pool, whose acts stand in the tenant’s own trail', async () => {
    await life.act('claim', submitted.id);
    await life.act('start', submitted.id);
    const { case: answered } = await life.act('answer', submitted.id);
    expect(answered).to.include({ tenantId: fund.id, state: 'answered', physicianId: pooled.physician.id });
    expect(await here.rows('assignments')).to.deep.include.members([
      {
        physicianId: pooled.physician.id,
        physicianTenantId: pooled.user.tenantId,
        assignedAt: here.clock.now(),
      },
    ]);
    const entries = (await here.audited()).filter(({ subject }) => subject?.id === submitted.id);
    expect(entries.map(({ action }) => action)).to.deep.equal([
      'cases.submitted',
      'cases.claimed',
      'cases.text-read',
      'cases.started',
      'cases.text-read',
      'cases.answered',
      'cases.text-read',
    ]);
    for (const { tenantId } of entries) expect(tenantId).to.equal(fund.id);
    for (const { actor } of entries.slice(1)) {
      expect(actor).to.deep.equal({ kind: 'user', id: pooled.user.id });
    }
  });

  it('are read by the practice’s physician who has them, and listed among his', async () => {
    await life.act('claim', submitted.id);
    expect((await get(pooled))?.conversation).not.to.equal(null);
    const reading = (await here.audited('cases.text-read')).at(-1);
    expect(reading).to.deep.include({ tenantId: fund.id, actor: { kind: 'user', id: pooled.user.id } });
    const { items } = await here.app.cases.listCases.execute({ ...ALL, actor: pooled.actor });
    expect(items.map(({ id }) => id)).to.deep.equal([submitted.id]);
  });

  it('are closed to the physicians of the shared pool, unseen', async () => {
    expect(await refusalOf(claim(shared))).to.be.instanceOf(Forbidden);
    expect(await get(shared)).to.equal(null);
  });

  it('leave the cases of the shared pool closed to the physicians of theirs', async () => {
    const { id } = await life.submit({ actor: (await here.patient()).actor });
    const elsewhere = await life.stored(id);
    expect(await refusalOf(claim(pooled, elsewhere))).to.be.instanceOf(Forbidden);
    expect(await get(pooled, elsewhere)).to.equal(null);
  });

  it('are open to every physician of the shared pool where the tenant has none of its own', async () => {
    const clinic = await here.tenant();
    const patient = await here.patient({ tenant: clinic });
    const open = await life.submit({ actor: patient.actor });
    expect(await refusalOf(claim(pooled, open))).to.be.instanceOf(Forbidden);
    expect((await claim(shared, open))?.case).to.include({ tenantId: clinic.id, state: 'assigned' });
  });

  it('are served by the tenant’s own physicians, who never serve anybody else', async () => {
    const own = await here.physician({ tenant: fund, privatePool: 'fund' });
    const [practice, clinic] = [await here.patient(), await here.patient({ tenant: await here.tenant() })];
    for (const { actor } of [practice, clinic]) {
      const elsewhere = await life.submit({ actor });
      expect(await get(own, elsewhere)).to.equal(null);
      expect(await claim(own, elsewhere)).to.equal(null);
    }
    expect((await claim(own))?.case).to.include({ state: 'assigned', physicianId: own.physician.id });
  });

  it('are given by the tenant’s admin to its own physicians and to the practice’s, and to nobody else’s', async () => {
    const own = await here.physician({ tenant: fund, privatePool: 'fund' });
    const elsewhere = await here.physician({ tenant: await here.tenant(), privatePool: 'fund' });
    const give = ({ physician }: PhysicianMember, { id } = submitted) =>
      life.attempt('assign', id, { physicianId: physician.id });
    expect(await give(elsewhere)).to.equal(null);
    expect((await give(own))?.case).to.include({ physicianId: own.physician.id });
    const another = await life.submit();
    expect((await give(pooled, another))?.case).to.include({ physicianId: pooled.physician.id });
  });

  it('are never the business of the practice’s admins', async () => {
    const admin = await here.member('admin');
    expect(await get(admin)).to.equal(null);
    const { items } = await here.app.cases.listCases.execute({ ...ALL, actor: admin.actor });
    expect(items).to.deep.equal([]);
    const page = { limit: 100, after: null };
    const { listCaseEvents } = here.app.cases;
    expect(await listCaseEvents.execute({ actor: admin.actor, caseId: submitted.id, page })).to.equal(null);
    const queue = await here.app.cases.listQueue.execute({
      actor: admin.actor,
      filter: { language: null },
      limit: 100,
      after: null,
    });
    expect(queue.items).to.deep.equal([]);
  });
});
