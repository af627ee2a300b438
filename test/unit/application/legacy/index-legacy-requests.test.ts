import { expect } from 'chai';
import type { LegacyIndex } from '../../../../src/application/ports/legacy/legacy-index.ts';
import type { LegacyRequests } from '../../../../src/application/ports/legacy/legacy-requests.ts';
import { ConfiguredVendors } from '../../../../src/adapters/vendors/configured-vendors.ts';
import { Forbidden, Unavailable } from '../../../../src/domain/access/errors.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { compose } from '../../../../src/main/compose.ts';
import { aVendor, NOW, SYSTEM } from '../../../support/builders.ts';
import { GrowingVendors } from '../../../support/growing-vendors.ts';
import { legacyDesk } from '../../../support/legacy-desk.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { withMethods } from '../../../support/with-methods.ts';
import { world, type World } from '../../../support/world.ts';

const HOUR = 3600;
const FORMERLY = addSeconds(NOW, -7 * 24 * HOUR);

const run = ({ app }: Pick<World, 'app'>) => app.legacy.indexLegacyRequests.execute({ actor: SYSTEM });

/** Another process of the same installation. */
const another = ({ adapters }: World) => ({ app: compose(adapters) });

/** Runs until the index is complete. @returns how many runs that took */
async function build(installation: Pick<World, 'app'>): Promise<number> {
  for (let runs = 1; ; runs += 1) {
    if ((await run(installation)).completedWith !== null) return runs;
  }
}

const entriesOf = async (w: World) =>
  new Map((await w.rows('legacyIndex')).map((entry) => [entry.caseId, entry]));
const kindsOf = async (w: World, caseId: string) =>
  Object.keys((await entriesOf(w)).get(caseId)?.hashes ?? {}).sort();

describe('Indexing legacy requests', () => {
  it('indexes every request by what it says, and tells when it is complete', async () => {
    const w = world();
    const desk = legacyDesk(w);
    const [both, phone, nobody] = [
      await desk.request({ userId: ' U-1', identifier: 'Dana@Records.Example', createdAt: FORMERLY }),
      await desk.request({ userId: null, identifier: '052-1234568' }),
      await desk.request({ vendorId: ' ', userId: '', identifier: '000000019' }),
    ];
    expect(await run(w)).to.deep.equal({ indexed: 3, removed: 0, stamped: 0, completedWith: 3 });
    const entries = await entriesOf(w);
    expect(await kindsOf(w, both)).to.deep.equal(['email', 'legacy_user_id']);
    expect(entries.get(both)).to.deep.include({ vendorId: 'north', createdAt: FORMERLY });
    expect(await kindsOf(w, phone)).to.deep.equal(['phone']);
    expect(entries.get(nobody)).to.deep.include({ vendorId: null, hashes: {} });
    expect(await run(w)).to.deep.equal({ indexed: 0, removed: 0, stamped: 0, completedWith: null });
  });

  it('goes on where a process was killed, and tells once that it is complete', async () => {
    const w = world();
    const desk = legacyDesk(w);
    for (let count = 0; count < 2_500; count += 1) {
      await desk.request({ userId: `u-${String(count)}`, createdAt: FORMERLY });
    }
    const { legacyIndex } = w.adapters;
    let puts = 0;
    const killed = withMethods<LegacyIndex>(legacyIndex, {
      put: async (entries) => {
        puts += 1;
        if (puts === 2) throw new Unavailable();
        await legacyIndex.put(entries);
      },
    });
    expect(await refusalOf(run({ app: compose({ ...w.adapters, legacyIndex: killed }) }))).to.be.instanceOf(
      Unavailable,
    );
    expect(await w.rows('legacyIndex')).to.have.length(1_000);
    const runs = await Promise.all([run(w), run(another(w)), run(another(w))]);
    expect(runs.map(({ completedWith }) => completedWith).filter((told) => told !== null)).to.deep.equal([
      2_500,
    ]);
    expect(await w.rows('legacyIndex')).to.have.length(2_500);
  });

  it('builds without looking for recent requests apart', async () => {
    const w = world();
    await legacyDesk(w).request();
    const legacyIndex = withMethods<LegacyIndex>(w.adapters.legacyIndex, {
      listRecentlyUnindexed: () => expect.fail('They come with the others.'),
    });
    expect(await build({ app: compose({ ...w.adapters, legacyIndex }) })).to.equal(1);
    expect(await w.rows('legacyIndex')).to.have.length(1);
  });

  it('takes up no more recent requests in a run than there is time for, and the others in the next ones', async () => {
    const w = world();
    const desk = legacyDesk(w);
    const { legacyIndex } = w.adapters;
    const slow = withMethods<LegacyIndex>(legacyIndex, {
      put: async (entries) => {
        await legacyIndex.put(entries);
        if (entries.length > 0) w.clock.advance(6);
      },
    });
    const installation = { app: compose({ ...w.adapters, legacyIndex: slow }) };
    await build(installation);
    await run(installation);
    for (let count = 0; count < 2_500; count += 1) await desk.request({ createdAt: w.clock.now() });
    expect(await run(installation)).to.include({ indexed: 1_000 });
    expect(await run(installation)).to.include({ indexed: 1_000 });
    expect(await run(installation)).to.include({ indexed: 500 });
    expect(await w.rows('legacyIndex')).to.have.length(2_500);
  });

  it('takes up requests of the last hour at the next run, and older ones that came in without a process', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await build(w);
    const fresh = await desk.request({ createdAt: w.clock.now() });
    expect(await run(w)).to.include({ indexed: 1 });
    w.clock.advance(3 * HOUR);
    const missed = await desk.request({ createdAt: addSeconds(w.clock.now(), -2 * HOUR) });
    expect(await run(w)).to.include({ indexed: 1 });
    const late = await desk.request({ createdAt: addSeconds(w.clock.now(), -2 * HOUR) });
    expect(await run(another(w))).to.include({ indexed: 1 });
    expect([...(await entriesOf(w)).keys()]).to.have.members([fresh, missed, late]);
  });

  it('compares everything once an hour: edited, backdated and deleted requests', async () => {
    const w = world();
    const desk = legacyDesk(w);
    const [edited, deleted] = [await desk.request(), await desk.request()];
    await build(w);
    await run(w);
    const before = (await entriesOf(w)).get(edited);
    await desk.request({ caseId: edited, vendorId: 'South', identifier: '052-1234568' });
    await w.adapters.database.write((tables) => tables.legacyRequests.delete(deleted));
    const backdated = await desk.request({ createdAt: FORMERLY });
    expect(await run(w)).to.include({ indexed: 0, removed: 0 });
    w.clock.advance(1800);
    expect(await run(w)).to.include({ indexed: 0, removed: 0 });
    w.clock.advance(1800);
    expect(await run(w)).to.include({ indexed: 2, removed: 1 });
    const entries = await entriesOf(w);
    expect([...entries.keys()]).to.have.members([edited, backdated]);
    expect(entries.get(edited)).to.include({ vendorId: 'south' });
    expect(entries.get(edited)?.hashes.legacy_user_id).not.to.deep.equal(before?.hashes.legacy_user_id);
  });

  it('mends entries where a vendor is said to use another kind of identifier', async () => {
    const vendors = new GrowingVendors();
    const w = world({ replace: () => ({ vendorDirectory: vendors }) });
    const request = await legacyDesk(w).request({ identifier: '039337423' });
    await build(w);
    expect(await kindsOf(w, request)).to.deep.equal(['legacy_user_id', 'national_id']);
    vendors.add(aVendor({ identifierKind: 'phone' }));
    const restarted = { app: compose({ ...w.adapters, vendorDirectory: vendors }) };
    expect(await run(restarted)).to.include({ indexed: 1 });
    expect(await kindsOf(w, request)).to.deep.equal(['legacy_user_id', 'phone']);
  });

  it('keeps when a request was first seen that does not say when it was made', async () => {
    const w = world();
    const { legacyIndex } = w.adapters;
    const undated = withMethods<LegacyIndex>(legacyIndex, {
      compareRows: async (...slice) => {
        const { rows, through } = await legacyIndex.compareRows(...slice);
        return { rows: rows.map(({ entry, row }) => ({ entry, row: { ...row, createdAt: null } })), through };
      },
      listRecentlyUnindexed: () => Promise.resolve(null),
      listUnindexed: async (...slice) => {
        const { rows, through } = await legacyIndex.listUnindexed(...slice);
        return { rows: rows.map((row) => ({ ...row, createdAt: null })), through };
      },
    });
    const installation = { app: compose({ ...w.adapters, legacyIndex: undated }) };
    const desk = legacyDesk(w);
    const first = await desk.request({ createdAt: FORMERLY });
    await build(installation);
    w.clock.advance(HOUR);
    const second = await desk.request({ createdAt: FORMERLY });
    expect(await run(installation)).to.include({ indexed: 1 });
    w.clock.advance(2 * HOUR);
    expect(await run(installation)).to.include({ indexed: 0 });
    const entries = await entriesOf(w);
    expect(entries.get(first)?.createdAt).to.deep.equal(NOW);
    expect(entries.get(second)?.createdAt).to.deep.equal(addSeconds(NOW, HOUR));
  });

  it('is for the installation itself only', async () => {
    const w = world();
    const { actor } = await w.member('admin');
    const refused = w.app.legacy.indexLegacyRequests.execute({ actor });
    expect(await refusalOf(refused)).to.be.instanceOf(Forbidden);
  });
});

describe('Legacy requests that come in once their identifier is linked', () => {
  it('go to the owner of the link at the next run, and are audited', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request();
    await build(w);
    const patient = await w.patient();
    const linkId = await desk.link(patient);
    const [later, other] = [await desk.request(), await desk.request({ identifier: 'avi@records.example' })];
    expect(await run(w)).to.include({ indexed: 2, stamped: 1 });
    expect(await desk.ownerOf(later)).to.equal(patient.user.id);
    expect(await desk.ownerOf(other)).to.equal(null);
    const [entry] = await w.audited('legacy.followed');
    expect(entry).to.deep.include({
      actor: { kind: 'system' },
      subject: { type: 'legacy-link', id: linkId },
      details: { user: patient.user.id, cases: 1 },
    });
  });

  it('go to nobody where the identifier turns out to be of several people', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request();
    await build(w);
    const patient = await w.patient();
    await desk.link(patient);
    const foreign = await desk.request({ userId: 'u-6' });
    expect(await run(w)).to.include({ indexed: 1, stamped: 0 });
    expect(await desk.ownerOf(foreign)).to.equal(null);
    expect(await w.audited('legacy.followed')).to.deep.equal([]);
  });

  it('go to nobody once the link was ended', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request();
    await build(w);
    const patient = await w.patient();
    const linkId = await desk.link(patient);
    await w.app.legacy.unlinkLegacyIdentifier.execute({ actor: patient.actor, linkId });
    const later = await desk.request();
    expect(await run(w)).to.include({ stamped: 0 });
    expect(await desk.ownerOf(later)).to.equal(null);
  });

  it('go to nobody of another tenant than their vendor belongs to by now', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request();
    await build(w);
    await desk.link(await w.patient());
    const { slug } = await w.tenant();
    const later = await desk.request();
    const vendorDirectory = new ConfiguredVendors([aVendor({ tenant: slug })]);
    expect(await run({ app: compose({ ...w.adapters, vendorDirectory }) })).to.include({
      indexed: 1,
      stamped: 0,
    });
    expect(await desk.ownerOf(later)).to.equal(null);
  });

  it('are indexed although giving them to one owner failed, and go to the others', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request();
    await desk.request({ userId: 'u-6', identifier: 'avi@records.example' });
    await build(w);
    const [dana, avi] = [await w.patient(), await w.patient()];
    await desk.link(dana);
    await desk.link(avi, { identifier: 'avi@records.example' }, 'avi@records.example');
    const [hers, his] = [
      await desk.request(),
      await desk.request({ userId: 'u-6', identifier: 'avi@records.example' }),
    ];
    const { legacyRequests } = w.adapters;
    const failing = withMethods<LegacyRequests>(legacyRequests, {
      findByIdentifier: (lookup) =>
        lookup.normal === 'avi@records.example'
          ? Promise.reject(new Error('broken'))
          : legacyRequests.findByIdentifier(lookup),
    });
    const error = await faultOf(run({ app: compose({ ...w.adapters, legacyRequests: failing }) }));
    expect(error).to.be.instanceOf(AggregateError).with.property('errors').of.length(1);
    expect(await desk.ownerOf(hers)).to.equal(dana.user.id);
    expect(await desk.ownerOf(his)).to.equal(null);
    expect((await entriesOf(w)).has(his)).to.equal(true);
  });

  it('are tried again at the next run where giving them to their owner failed', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request();
    const { legacyRequests } = w.adapters;
    let isBroken = false;
    const failing = withMethods<LegacyRequests>(legacyRequests, {
      findByIdentifier: (lookup) =>
        isBroken ? Promise.reject(new Error('broken')) : legacyRequests.findByIdentifier(lookup),
    });
    const installation = { app: compose({ ...w.adapters, legacyRequests: failing }) };
    await build(installation);
    await run(installation);
    const patient = await w.patient();
    await desk.link(patient);
    const later = await desk.request();
    isBroken = true;
    expect(await faultOf(run(installation))).to.be.instanceOf(AggregateError);
    isBroken = false;
    expect(await run(installation)).to.include({ indexed: 1, stamped: 1 });
    expect(await desk.ownerOf(later)).to.equal(patient.user.id);
  });
});
