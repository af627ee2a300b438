import { expect } from 'chai';
import type { LegacyRequestRow } from '../../../../src/adapters/memory/memory-tables.ts';
import { ConfiguredVendors } from '../../../../src/adapters/vendors/configured-vendors.ts';
import { Forbidden } from '../../../../src/domain/access/errors.ts';
import type { LegacyFinding } from '../../../../src/domain/legacy/legacy-finding.ts';
import type { CaseId } from '../../../../src/domain/shared/ids.ts';
import { compose } from '../../../../src/main/compose.ts';
import { anId, aVendor, SYSTEM } from '../../../support/builders.ts';
import { legacyDesk } from '../../../support/legacy-desk.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { world } from '../../../support/world.ts';

function reconcileDesk() {
  const w = world();
  const desk = legacyDesk(w);
  const { database } = w.adapters;
  const index = () => w.app.legacy.indexLegacyRequests.execute({ actor: SYSTEM });
  return {
    w,
    ...desk,
    index,
    /** What is found, each with its id; and what is counted. */
    reconcile: async (app = w.app, wait: () => Promise<unknown> = index) => {
      const findings: LegacyFinding[] = [];
      const result = await app.legacy.reconcileLegacy.execute({
        actor: SYSTEM,
        wait: async () => {
          await wait();
        },
        onFindings: (batch) => {
          findings.push(...batch);
          return Promise.resolve();
        },
      });
      const counts = Map.groupBy(findings, ({ kind }) => kind);
      expect(new Map([...counts].map(([kind, all]) => [kind, all.length]))).to.deep.equal(result.found);
      return { ...result, findings };
    },
    /** Somebody edits a row behind Casegate's back. */
    edit: (caseId: CaseId, changes: Partial<LegacyRequestRow>) =>
      database.write((tables) => {
        tables.legacyRequests.set(caseId, { ...tables.legacyRequests.get(caseId)!, ...changes });
      }),
    remove: (caseId: CaseId) =>
      database.write((tables) => {
        tables.legacyRequests.delete(caseId);
      }),
  };
}

describe('Comparing the two worlds', () => {
  it('finds nothing where all is well, and counts what it looked at', async () => {
    const { grant, index, reconcile, request, w } = reconcileDesk();
    await grant(await w.patient());
    await request();
    await request({ identifier: 'avi@records.example', userId: 'u-9' });
    await index();
    const { findings, ...counted } = await reconcile();
    expect(findings).to.deep.equal([]);
    expect(counted).to.deep.include({ rows: 2, owned: 1, links: 1, wrong: 0 });
  });

  it('finds owners that nothing explains, and owners that were changed', async () => {
    const { edit, grant, index, reconcile, request, w } = reconcileDesk();
    const dana = await w.patient();
    const [changed, taken] = [await request(), await request()];
    const unexplained = await request({ identifier: 'avi@records.example' });
    await grant(dana);
    await index();
    await edit(changed, { ownerId: anId() });
    await edit(taken, { ownerId: null });
    await edit(unexplained, { ownerId: dana.user.id });
    const { findings, wrong } = await reconcile();
    expect(findings).to.have.deep.members([
      { kind: 'owner-changed', id: changed },
      { kind: 'owner-changed', id: taken },
      { kind: 'owner-unexplained', id: unexplained },
    ]);
    expect(wrong).to.equal(3);
  });

  it('finds rows that say something else than what they have their owner by', async () => {
    const { edit, grant, index, reconcile, request, w } = reconcileDesk();
    await grant(await w.patient());
    const row = await request();
    await index();
    await edit(row, { identifier: 'noa@records.example' });
    const { findings, wrong } = await reconcile();
    expect(findings).to.have.deep.members([
      { kind: 'identifier-changed', id: row },
      { kind: 'index-outdated', id: row },
    ]);
    expect(wrong).to.equal(1);
  });

  it('finds rows of a link that has ended', async () => {
    const { grant, index, reconcile, request, w } = reconcileDesk();
    const row = await request();
    const { link } = await grant(await w.patient());
    await index();
    await w.adapters.database.write((tables) => {
      const stored = tables.legacyLinks.get(link.id)!;
      tables.legacyLinks.set(link.id, { ...stored, status: 'unlinked' });
    });
    expect((await reconcile()).findings).to.deep.equal([{ kind: 'link-ended', id: row }]);
  });

  it('finds rows that should have an owner, and rivals', async () => {
    const { edit, grant, index, reconcile, request, w } = reconcileDesk();
    const [dana, avi] = [await w.patient(), await w.patient()];
    const first = await request();
    await grant(dana);
    const rival = await request({ userId: 'u-7' });
    await index();
    const missing = await request({ identifier: 'avi@records.example' });
    await index();
    await grant(avi, { identifier: 'avi@records.example' });
    await w.adapters.database.write((tables) => {
      tables.legacyStamps.delete(missing);
    });
    await edit(missing, { ownerId: null });
    await grant(avi, { kind: 'legacy_user_id', identifier: 'u-7' });
    const { findings, wrong } = await reconcile();
    expect(findings).to.have.deep.members([
      { kind: 'owner-missing', id: missing },
      { kind: 'rival-owner', id: rival },
      { kind: 'identifier-shared', id: [first, rival].sort()[0] },
      ...(await w.rows('legacyLinks'))
        .filter(({ userId }) => userId === avi.user.id)
        .map(({ id }) => ({ kind: 'link-without-rows', id })),
    ]);
    expect(wrong).to.equal(2);
  });

  it('notes rows that several people may mean', async () => {
    const { index, link, reconcile, request, w } = reconcileDesk();
    const first = await request();
    await link(await w.patient());
    const second = await request({ userId: 'u-6' });
    await index();
    const { findings, wrong } = await reconcile();
    const shared = [first, second].sort()[0];
    expect(findings).to.have.deep.members([
      { kind: 'owner-doubtful', id: second },
      { kind: 'identifier-shared', id: shared },
    ]);
    expect(wrong).to.equal(0);
  });

  it('takes no placeholder for an identifier of several people', async () => {
    const { index, reconcile, request } = reconcileDesk();
    const rows = [
      await request({ identifier: '000000000', userId: 'u-1' }),
      await request({ identifier: '000000000', userId: '0' }),
      await request({ identifier: ' ', userId: null }),
      await request({ identifier: '000000000', userId: 'u-2' }),
    ];
    await index();
    const { findings } = await reconcile();
    expect(findings).to.have.deep.members([
      { kind: 'nobody-named', id: rows[1] },
      { kind: 'nobody-named', id: rows[2] },
    ]);
  });

  it('finds links to a vendor that belongs to another tenant by now', async () => {
    const { grant, index, reconcile, request, w } = reconcileDesk();
    const { link } = await grant(await w.patient());
    await index();
    await request();
    const { slug } = await w.tenant();
    const vendorDirectory = new ConfiguredVendors([aVendor({ tenant: slug })]);
    const app = compose({ ...w.adapters, vendorDirectory });
    const moved = () => app.legacy.indexLegacyRequests.execute({ actor: SYSTEM });
    expect((await reconcile(app, moved)).findings).to.have.deep.members([
      { kind: 'vendor-moved', id: link.id },
      { kind: 'link-without-rows', id: link.id },
    ]);
  });

  it('notes an index that is being built, and finds rows that a complete one has forgotten', async () => {
    const { index, reconcile, request } = reconcileDesk();
    await request();
    const nobody = (): Promise<void> => Promise.resolve();
    expect((await reconcile()).findings).to.deep.equal([{ kind: 'index-incomplete', id: null }]);
    await index();
    await request();
    expect((await reconcile()).findings, 'a service takes it up meanwhile').to.deep.equal([]);
    const forgotten = await request();
    const { findings, wrong } = await reconcile(undefined, nobody);
    expect(findings).to.deep.equal([{ kind: 'not-indexed', id: forgotten }]);
    expect(wrong).to.equal(1);
  });

  it('notes rows that are gone, claims, candidates, and people who were never linked', async () => {
    const { claim, grant, index, reconcile, remove, request, w } = reconcileDesk();
    const gone = await request();
    await grant(await w.patient());
    await index();
    await remove(gone);
    const { link } = await claim(await w.patient(), { identifier: 'avi@records.example' });
    const run = await w.adapters.batchRuns.open({
      ...{ id: anId(), kind: 'users-import', fileDigest: null, options: {}, position: null },
      ...{ createdAt: w.clock.now(), finishedAt: null, undoneAt: null },
    });
    const created = await w.app.identity.createUser.execute({
      actor: SYSTEM,
      email: 'imported@example.org',
      role: 'patient',
      imported: {
        runId: run.id,
        line: 2,
        candidates: [{ kind: 'phone', identifier: '+972541234560', vendorId: 'north' }],
      },
    });
    const { findings, wrong } = await reconcile();
    const candidate = (await w.rows('legacyLinks')).find(({ status }) => status === 'candidate')!;
    expect(findings).to.have.deep.members([
      { kind: 'row-gone', id: gone },
      { kind: 'claim-open', id: link.id },
      { kind: 'candidate-unclaimed', id: candidate.id },
      { kind: 'never-linked', id: created.id },
    ]);
    expect(wrong).to.equal(0);
  });

  it('changes nothing', async () => {
    const { grant, reconcile, request, w } = reconcileDesk();
    await grant(await w.patient());
    await request();
    const before = await w.adapters.database.read((tables) => tables);
    await reconcile(undefined, () => Promise.resolve());
    expect(await w.adapters.database.read((tables) => tables)).to.equal(before);
  });

  it('is the operator’s alone', async () => {
    const { w } = reconcileDesk();
    const admin = await w.member('admin');
    const { readLegacyIndexState, reconcileLegacy } = w.app.legacy;
    const comparing = reconcileLegacy.execute({ actor: admin.actor, wait: () => Promise.resolve() });
    expect(await refusalOf(comparing)).to.be.instanceOf(Forbidden);
    expect(await refusalOf(readLegacyIndexState.execute({ actor: admin.actor }))).to.be.instanceOf(Forbidden);
  });
});
