import { expect } from 'chai';
import type { Adapters } from '../../../../src/application/adapters.ts';
import type { UnitOfWork } from '../../../../src/application/ports/unit-of-work.ts';
import { Forbidden, Unauthenticated, Unavailable } from '../../../../src/domain/access/errors.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { compose } from '../../../../src/main/compose.ts';
import { ANONYMOUS, SYSTEM } from '../../../support/builders.ts';
import { type CaseLife, caseLife } from '../../../support/case-life.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The unit of work, where looking for one of the cases fails with `error`. */
const failingAt = (unitOfWork: UnitOfWork, brokenId: string, error: Error): UnitOfWork => ({
  stores: (tenantId) => {
    const stores = unitOfWork.stores(tenantId);
    const cases = new Proxy(stores.cases, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        return (...given: readonly unknown[]): unknown =>
          name === 'find' && given[0] === brokenId
            ? Promise.reject(error)
            : Reflect.apply(member as (...all: unknown[]) => unknown, target, given);
      },
    });
    return { ...stores, cases };
  },
  run: (tenantId, work) => unitOfWork.run(tenantId, work),
});

describe('RunCaseTimers, with much to do', () => {
  let here: World;
  let life: CaseLife;

  beforeEach(async () => {
    here = world();
    life = await caseLife(here);
    await here.deliver();
  });

  const run = (app = here.app) => app.cases.runCaseTimers.execute({ actor: SYSTEM });
  const appWith = (replaced: Partial<Adapters>) => compose({ ...here.adapters, ...replaced });
  const typesOf = async (id: string) => (await life.eventsOf(id)).map(({ type }) => type);

  it('takes every step that is due by now, that of a waiting case at once, where nobody has looked for long', async () => {
    const { id } = await life.submit();
    const { id: asked } = await life.inState('info_requested');
    here.clock.advance(30 * DAY);
    expect(await run()).to.equal(4);
    expect(await typesOf(id)).to.deep.equal(['submitted', 'escalated']);
    expect((await typesOf(asked)).slice(-3)).to.deep.equal(['reminded', 'reminded', 'expired']);
    expect((await life.stored(id)).flags).to.deep.equal(['unclaimed', 'overdue']);
    expect(await run()).to.equal(0);
  });

  it('looks at more cases than fit into a batch', async () => {
    for (let count = 0; count < 205; count += 1) await life.submit();
    here.clock.advance(18 * HOUR);
    expect(await run()).to.equal(205);
    const flags = (await here.rows('cases')).map((row) => row.flags.join(' '));
    expect(new Set(flags)).to.deep.equal(new Set(['unclaimed']));
    expect(await run()).to.equal(0);
  });

  for (const [what, appOf] of [
    ['where the database keeps them apart', () => here.app],
    ['where it does not', () => here.unisolatedApp],
  ] as const) {
    it(`takes each step once, however many run at the same time, ${what}`, async () => {
      const due = [
        await life.submit(),
        await life.inState('assigned'),
        await life.inState('info_requested'),
        await life.inState('answered'),
      ];
      await here.deliver();
      here.clock.advance(14 * DAY);
      const taken = await Promise.all(Array.from({ length: 10 }, () => run(appOf())));
      // What was given back is escalated as well.
      expect(taken.reduce((sum, count) => sum + count, 0)).to.equal(1 + 2 + 3 + 1);
      for (const { id } of due) {
        const versions = (await life.eventsOf(id)).map(({ version }) => version);
        expect(versions).to.deep.equal(versions.map((_, index) => index + 1));
        expect(versions.length).to.equal((await life.stored(id)).version);
      }
      const kinds = (await here.deliver()).map(({ content }) => content.kind);
      expect(kinds.toSorted()).to.deep.equal([
        'case-expired',
        'case-info-reminder',
        'case-info-reminder',
        ...Array.from({ length: 2 }, () => 'case-unclaimed'),
      ]);
      expect(await run()).to.equal(0);
    });
  }

  it('leaves to others what somebody else does at the same time', async () => {
    const { id } = await life.submit();
    here.clock.advance(18 * HOUR);
    const { unitOfWork } = here.adapters;
    let isClaimed = false;
    const late = appWith({
      unitOfWork: {
        stores: (tenantId) => unitOfWork.stores(tenantId),
        run: async (tenantId, work) => {
          if (!isClaimed) await life.act('claim', id);
          isClaimed = true;
          return unitOfWork.run(tenantId, work);
        },
      },
    });
    expect(await run(late)).to.equal(0);
    expect(await typesOf(id)).to.deep.equal(['submitted', 'claimed']);
    expect(await here.deliver()).to.deep.equal([]);
  });

  it('looks later at a case whose time has been put off', async () => {
    const { id, tenantId, version } = await life.submit();
    await here.adapters.caseTimers.setNext({ caseId: id, tenantId, version }, here.clock.now());
    expect(await run()).to.equal(0);
    here.clock.advance(18 * HOUR);
    expect(await run()).to.equal(1);
  });

  it('goes on after a whole batch in which nothing was to be done', async () => {
    for (let count = 0; count < 100; count += 1) {
      const { id: caseId, tenantId, version } = await life.submit();
      await here.adapters.caseTimers.setNext({ caseId, tenantId, version }, here.clock.now());
    }
    await life.submit({ priority: 'asap' });
    here.clock.advance(HOUR);
    expect(await run()).to.equal(1);
  });

  it('puts a case off by five minutes whose turn fails, and tells of it after all others', async () => {
    const [broken, other] = [await life.submit(), await life.submit()];
    here.clock.advance(18 * HOUR);
    const { caseTimers, unitOfWork } = here.adapters;
    const failing = appWith({ unitOfWork: failingAt(unitOfWork, broken.id, new Error('A broken row.')) });
    const fault = await faultOf(run(failing));
    expect(fault).to.be.instanceOf(AggregateError);
    const [told] = (fault as AggregateError).errors as { code: string; cause: Error }[];
    expect(told!.code, 'what may be logged').to.equal(`case ${broken.id}: Error`);
    expect(told!.cause.message).to.equal('A broken row.');
    expect((await life.stored(other.id)).flags).to.deep.equal(['unclaimed']);
    expect((await life.stored(broken.id)).flags).to.deep.equal([]);
    expect(await run()).to.equal(0);
    const soon = addSeconds(here.clock.now(), 299);
    expect(await caseTimers.listDue(soon, 10)).to.deep.equal([]);
    here.clock.advance(300);
    expect(await run()).to.equal(1);
    expect((await life.stored(broken.id)).flags).to.deep.equal(['unclaimed']);
  });

  it('keeps nothing of a step that cannot be audited, nor its mails, and takes it later', async () => {
    const { id } = await life.submit();
    here.clock.advance(18 * HOUR);
    const fault = await faultOf(run(here.unauditedApp));
    expect((fault as AggregateError).errors).to.have.nested.property('[0].cause.message', AUDIT_FAULT);
    expect(await typesOf(id)).to.deep.equal(['submitted']);
    expect(await here.deliver()).to.deep.equal([]);
    here.clock.advance(300);
    expect(await run()).to.equal(1);
  });

  it('stops where the store is out of reach, and puts nothing off', async () => {
    const cases = [await life.submit(), await life.submit()];
    here.clock.advance(18 * HOUR);
    const { unitOfWork } = here.adapters;
    const unavailable = appWith({ unitOfWork: failingAt(unitOfWork, cases[0]!.id, new Unavailable()) });
    expect(await refusalOf(run(unavailable))).to.be.instanceOf(Unavailable);
    expect(await run()).to.equal(2);
  });

  it('is the business of the installation only', async () => {
    await life.submit();
    here.clock.advance(18 * HOUR);
    const { runCaseTimers } = here.app.cases;
    for (const { actor } of [life.admin, life.physician, life.patient]) {
      expect(await refusalOf(runCaseTimers.execute({ actor }))).to.be.instanceOf(Forbidden);
    }
    expect(await refusalOf(runCaseTimers.execute({ actor: ANONYMOUS }))).to.be.instanceOf(Unauthenticated);
    expect(await here.audited('cases.escalated')).to.deep.equal([]);
  });
});
