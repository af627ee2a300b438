import { expect } from 'chai';
import { ConfiguredVendors } from '../../../../src/adapters/vendors/configured-vendors.ts';
import type { BackfillLegacyOwnersCommand } from '../../../../src/application/legacy/backfill-legacy-owners.ts';
import { Forbidden } from '../../../../src/domain/access/errors.ts';
import { DEFAULT_TENANT_ID } from '../../../../src/domain/shared/ids.ts';
import { compose } from '../../../../src/main/compose.ts';
import { anId, aVendor, someActors, SYSTEM, systemOf } from '../../../support/builders.ts';
import { legacyDesk } from '../../../support/legacy-desk.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { world } from '../../../support/world.ts';

const wait = (): Promise<void> => Promise.resolve();

function backfillDesk() {
  const w = world();
  const desk = legacyDesk(w);
  const execute = (given: Partial<BackfillLegacyOwnersCommand> = {}, app = w.app) =>
    app.legacy.backfillLegacyOwners.execute({ actor: SYSTEM, isDryRun: false, wait, ...given });
  return {
    w,
    ...desk,
    apply: () => execute(),
    forecast: () => execute({ isDryRun: true }),
    execute,
    undo: (runId: string) => w.app.legacy.undoLegacyBackfill.execute({ actor: SYSTEM, runId, wait }),
    /** Runs in the table, oldest first. */
    runs: () => w.rows('batchRuns'),
  };
}

describe('A backfill', () => {
  it('gives rows of linked identifiers to the accounts that own these, and says by which run', async () => {
    const { apply, grant, ownerOf, request, runs, w } = backfillDesk();
    const dana = await w.patient();
    await grant(dana);
    const [late, later] = [await request(), await request({ identifier: ' DANA@records.example' })];
    const other = await request({ identifier: 'avi@records.example' });
    const done = await apply();
    expect(done).to.include({ links: 1, rows: 2, own: 0, others: 0, ambiguous: 0, held: 0, total: 2 });
    expect(await ownerOf(late)).to.equal(dana.user.id);
    expect(await ownerOf(later)).to.equal(dana.user.id);
    expect(await ownerOf(other)).to.equal(null);
    const [run] = await runs();
    expect(run).to.include({ id: done.runId, kind: 'legacy-backfill' });
    expect(run?.finishedAt).not.to.equal(null);
    const stamps = await w.rows('legacyStamps');
    expect(stamps.map(({ runId }) => runId)).to.deep.equal([done.runId, done.runId]);
  });

  it('tells of it in the audit trail, of each link and as a whole', async () => {
    const { apply, grant, request, w } = backfillDesk();
    const dana = await w.patient();
    const { link } = await grant(dana);
    await request();
    const { runId } = await apply();
    const [followed] = await w.audited('legacy.followed');
    expect(followed).to.deep.include({
      actor: { kind: 'system' },
      subject: { type: 'legacy-link', id: link.id },
    });
    expect(followed?.details).to.deep.equal({ user: dana.user.id, cases: 1, run: runId });
    const [whole] = await w.audited('legacy.backfilled');
    expect(whole).to.deep.include({ subject: { type: 'batch-run', id: runId }, details: { cases: 1 } });
  });

  it('does nothing twice, and nothing where nothing is owed', async () => {
    const { apply, grant, request, w } = backfillDesk();
    await grant(await w.patient());
    await request();
    await apply();
    expect(await apply()).to.include({ rows: 0, own: 1, total: 0 });
    expect(await w.audited('legacy.followed')).to.have.length(1);
  });

  it('leaves rows of others, rows of several people, and rows of a link that has ended', async () => {
    const { apply, grant, link, ownerOf, request, w } = backfillDesk();
    const [dana, avi, noa] = [await w.patient(), await w.patient(), await w.patient()];
    const shared = await request();
    await link(dana);
    await grant(avi, { kind: 'legacy_user_id', identifier: 'u-7' });
    const theirs = await request({ identifier: 'x@records.example', userId: 'u-7' });
    await apply();
    await grant(noa, { identifier: 'x@records.example' });
    const second = await request({ userId: 'u-6' });
    expect(await apply()).to.include({ rows: 0, others: 1, ambiguous: 1 });
    expect([await ownerOf(shared), await ownerOf(theirs)]).to.deep.equal([dana.user.id, avi.user.id]);
    expect(await ownerOf(second)).to.equal(null);
    await w.app.legacy.unlinkLegacyIdentifier.execute({
      actor: avi.actor,
      linkId: (await w.rows('legacyLinks')).find(({ userId }) => userId === avi.user.id)!.id,
    });
    expect(await ownerOf(theirs)).to.equal(null);
    expect(await apply()).to.include({ links: 2, rows: 1 });
    expect(await ownerOf(theirs)).to.equal(noa.user.id);
  });

  it('has rows of several people where an admin has approved the link', async () => {
    const { apply, grant, request, w } = backfillDesk();
    await grant(await w.patient());
    await request({ userId: 'u-1' });
    await request({ userId: 'u-2' });
    expect(await apply()).to.include({ rows: 2, ambiguous: 0 });
  });

  it('leaves links to a vendor that belongs to another tenant by now', async () => {
    const { execute, grant, ownerOf, request, w } = backfillDesk();
    await grant(await w.patient());
    const row = await request();
    const { slug } = await w.tenant();
    const vendorDirectory = new ConfiguredVendors([aVendor({ tenant: slug })]);
    const app = compose({ ...w.adapters, vendorDirectory });
    expect(await execute({}, app)).to.include({ links: 1, astray: 1, rows: 0 });
    expect(await ownerOf(row)).to.equal(null);
  });

  it('lets an adopted case follow its row, and back', async () => {
    const { apply, grant, request, undo, w } = backfillDesk();
    const [admin, dana] = [await w.member('admin'), await w.patient()];
    const caseId = await request();
    await w.app.cases.adoptLegacyCase.execute({ actor: admin.actor, caseId });
    const patientOf = async () => (await w.rows('cases')).find(({ id }) => id === caseId)?.patientId;
    expect(await patientOf()).to.equal(null);
    await grant(dana, { identifier: 'elsewhere@records.example' });
    await request({ caseId, identifier: 'elsewhere@records.example' });
    const { runId } = await apply();
    expect(await patientOf()).to.equal(dana.user.id);
    await undo(runId!);
    expect(await patientOf()).to.equal(null);
  });

  it('works on all tenants', async () => {
    const { grant, ownerOf, request, undo, w } = backfillDesk();
    const tenant = await w.tenant();
    const vendorDirectory = new ConfiguredVendors([aVendor({ vendorId: 'south', tenant: tenant.slug })]);
    const app = compose({ ...w.adapters, vendorDirectory });
    const [here, there] = [await w.patient(), await w.patient({ tenant })];
    await grant(here);
    await app.legacy.grantLegacyLink.execute({
      actor: systemOf(tenant.id),
      email: there.user.email,
      ...{ vendorId: 'south', kind: 'email', identifier: 'dana@records.example' },
      reason: 'Known',
    });
    const rows = [await request(), await request({ vendorId: 'South ' })];
    const { rows: count, runId } = await app.legacy.backfillLegacyOwners.execute({
      actor: SYSTEM,
      isDryRun: false,
      wait,
    });
    expect(count).to.equal(2);
    expect(await ownerOf(rows[0]!)).to.equal(here.user.id);
    expect(await ownerOf(rows[1]!)).to.equal(there.user.id);
    expect((await w.audited('legacy.followed')).map(({ tenantId }) => tenantId)).to.have.members([
      DEFAULT_TENANT_ID,
      tenant.id,
    ]);
    expect(await undo(runId!)).to.deep.equal({ kind: 'undone', rows: 2, left: 0 });
    for (const row of rows) expect(await ownerOf(row)).to.equal(null);
  });

  it('goes on with a run that was broken off, from where it was', async () => {
    const { apply, execute, grant, request, runs, w } = backfillDesk();
    for (let number = 0; number < 3; number += 1) {
      const identifier = `p${String(number)}@records.example`;
      await grant(await w.patient(), { identifier });
      await request({ identifier, userId: null });
    }
    const ids = (await w.rows('legacyLinks')).map(({ id }) => id).sort();
    const id = anId();
    await w.adapters.batchRuns.open({
      ...{ id, kind: 'legacy-backfill', fileDigest: null, options: {}, finishedAt: null, undoneAt: null },
      position: `1 ${ids[0]!}`,
      createdAt: w.clock.now(),
    });
    const told: unknown[] = [];
    const done = await execute({
      onRun: (...run) => told.push(run),
      onProgress: (progress) => told.push(progress),
    });
    expect(done).to.include({ runId: id, links: 2, rows: 2 });
    expect(told).to.deep.equal([[id, true], { done: 1, total: 3 }, { done: 3, total: 3 }]);
    expect(await apply()).to.include({ rows: 1 });
    expect((await runs()).map(({ finishedAt }) => finishedAt === null)).to.deep.equal([false, false]);
  });

  it('is one run for several who do it at once', async () => {
    const { execute, grant, request, runs, w } = backfillDesk();
    await grant(await w.patient());
    await request();
    const told: unknown[] = [];
    const onRun = (...run: unknown[]) => told.push(run);
    const [one, other] = await Promise.all([execute({ onRun }), execute({ onRun })]);
    expect(one.runId).to.equal(other.runId);
    expect(told).to.deep.equal([
      [one.runId, false],
      [one.runId, true],
    ]);
    expect(await runs()).to.have.length(1);
  });

  it('gives nobody anything once its run is undone, and says so', async () => {
    const { execute, grant, ownerOf, request, runs, undo, w } = backfillDesk();
    await grant(await w.patient());
    const row = await request();
    const { legacyRequests } = w.adapters;
    const app = compose({
      ...w.adapters,
      legacyRequests: {
        findByIdentifier: async (lookup) => {
          const found = await legacyRequests.findByIdentifier(lookup);
          for (const { id, undoneAt } of await runs()) if (!undoneAt) await undo(id);
          return found;
        },
      },
    });
    expect(await execute({}, app)).to.include({ rows: 0, held: 0, total: 0, isOver: true });
    expect(await ownerOf(row)).to.equal(null);
    expect(await w.audited('legacy.backfilled')).to.deep.equal([]);
    expect(await execute()).to.include({ rows: 1, isOver: false });
  });

  it('is the operator’s alone', async () => {
    const { execute, w } = backfillDesk();
    const admin = await w.member('admin');
    expect(await refusalOf(execute({ actor: admin.actor }))).to.be.instanceOf(Forbidden);
    for (const [kind, actor] of Object.entries(someActors())) {
      if (actor.kind !== 'system') expect(await refusalOf(execute({ actor })), kind).to.be.an('error');
    }
    expect(await w.rows('batchRuns')).to.deep.equal([]);
  });
});

describe('A dry run of a backfill', () => {
  it('says what would be done, each row once, and changes nothing', async () => {
    const { apply, forecast, grant, ownerOf, request, runs, w } = backfillDesk();
    const dana = await w.patient();
    await grant(dana);
    await grant(dana, { kind: 'legacy_user_id', identifier: 'u-5' });
    const row = await request();
    const audited = (await w.rows('auditEntries')).length;
    expect(await forecast()).to.include({ runId: null, links: 2, rows: 1, own: 1, total: 1 });
    expect(await ownerOf(row)).to.equal(null);
    expect(await runs()).to.deep.equal([]);
    expect(await w.rows('auditEntries')).to.have.length(audited);
    expect(await apply()).to.include({ rows: 1, own: 1, total: 1 });
  });

  it('tells rows that two accounts lead to as the first one’s', async () => {
    const { apply, forecast, grant, request, w } = backfillDesk();
    await grant(await w.patient());
    await grant(await w.patient(), { kind: 'legacy_user_id', identifier: 'u-5' });
    await request();
    expect(await forecast()).to.include({ rows: 1, others: 1 });
    expect(await apply()).to.include({ rows: 1 });
  });
});

describe('Undoing a backfill', () => {
  it('takes back exactly what the run did', async () => {
    const { apply, grant, ownerOf, request, runs, undo, w } = backfillDesk();
    const dana = await w.patient();
    const before = await request();
    await grant(dana);
    const first = await request();
    const { runId } = await apply();
    const second = await request();
    await apply();
    expect(await undo(runId!)).to.deep.equal({ kind: 'undone', rows: 1, left: 0 });
    expect(await ownerOf(first)).to.equal(null);
    expect([await ownerOf(before), await ownerOf(second)]).to.deep.equal([dana.user.id, dana.user.id]);
    expect((await runs()).map(({ undoneAt }) => undoneAt === null)).to.deep.equal([false, true]);
    expect(await w.audited('legacy.unfollowed')).to.have.length(1);
    const [whole] = await w.audited('legacy.backfill-undone');
    expect(whole).to.deep.include({ subject: { type: 'batch-run', id: runId }, details: { cases: 1 } });
  });

  it('says so where it was undone before, and where there is no such backfill', async () => {
    const { apply, grant, request, undo, w } = backfillDesk();
    await grant(await w.patient());
    await request();
    const { runId } = await apply();
    await undo(runId!);
    expect(await undo(runId!)).to.deep.equal({ kind: 'over', undoneAt: w.clock.now() });
    expect(await w.audited('legacy.backfill-undone')).to.have.length(1);
    expect(await undo(anId())).to.equal(null);
    const other = await w.adapters.batchRuns.open({
      ...{ id: anId(), kind: 'users-import', fileDigest: null, options: {}, position: null },
      ...{ createdAt: w.clock.now(), finishedAt: null, undoneAt: null },
    });
    expect(await undo(other.id)).to.equal(null);
  });

  it('takes nothing from whoever owns a row by now, and forgets rows that are gone', async () => {
    const { apply, grant, ownerOf, request, undo, w } = backfillDesk();
    await grant(await w.patient());
    const [given, gone] = [await request(), await request()];
    const { runId } = await apply();
    const other = anId();
    await w.adapters.database.write((tables) => {
      tables.legacyRequests.set(given, { ...tables.legacyRequests.get(given)!, ownerId: other });
      tables.legacyRequests.delete(gone);
    });
    expect(await undo(runId!)).to.deep.equal({ kind: 'undone', rows: 0, left: 0 });
    expect(await ownerOf(given)).to.equal(other);
    expect(await w.rows('legacyStamps')).to.deep.equal([]);
  });

  it('ends a run that was broken off: it is not gone on with', async () => {
    const { apply, grant, request, undo, w } = backfillDesk();
    await grant(await w.patient());
    await request();
    const { runId } = await apply();
    await w.adapters.database.write((tables) => {
      tables.batchRuns.set(runId!, { ...tables.batchRuns.get(runId!)!, finishedAt: null });
    });
    await undo(runId!);
    expect((await apply()).runId).not.to.equal(runId);
  });

  it('is the operator’s alone', async () => {
    const { w } = backfillDesk();
    const admin = await w.member('admin');
    const { undoLegacyBackfill } = w.app.legacy;
    const undoing = undoLegacyBackfill.execute({ actor: admin.actor, runId: anId(), wait });
    expect(await refusalOf(undoing)).to.be.instanceOf(Forbidden);
  });
});
