import { expect } from 'chai';
import type { ListedFinding } from '../../../src/application/ports/legacy/legacy-reconciliation.ts';
import { candidateLink, endLink, proveLink } from '../../../src/domain/legacy/legacy-link.ts';
import { newRun } from './batch-run-store.ts';
import { newHash, newId, NOW, plantUser } from './fixtures.ts';
import { newLink, plantLink, plantLinking, plantRequests } from './legacy-fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<
  StoreWorld,
  | 'unitOfWork'
  | 'batchRuns'
  | 'dataKeyStore'
  | 'legacyIndex'
  | 'legacyReconciliation'
  | 'removeLegacyRequest'
  | 'writeLegacyRequest'
>;

/** Every id that can be told, some at a time; fails where they do not come in ascending order. */
async function everyId({ legacyReconciliation }: World, finding: ListedFinding, limit = 2) {
  const ids: string[] = [];
  for (;;) {
    const next = await legacyReconciliation.list(finding, ids.at(-1) ?? null, limit);
    expect(next.length).to.be.at.most(limit);
    if (next.length === 0) break;
    ids.push(...next);
  }
  expect(ids).to.deep.equal([...ids].sort());
  return ids;
}

/** A link that counts, of an account of its own. */
async function plantLinked(world: World) {
  const linking = await plantLinking(world);
  const claimed = await plantLink(world, newLink(linking));
  const linked = proveLink(claimed, 'code', NOW);
  const { legacyLinks } = world.unitOfWork.stores(linking.user.tenantId);
  await legacyLinks.save(linked, null);
  return { ...linking, linked, legacyLinks };
}

function stamps(open: OpenWorld<keyof World>): void {
  it('tells by what rows have their owner', async () => {
    const world = await open();
    const { legacyLinks, linked, user } = await plantLinked(world);
    const [first, second, free] = await plantRequests(world, 3);
    await legacyLinks.stamp(linked, [first!, second!], null, NOW);
    await legacyLinks.save(endLink(linked, NOW), null);
    const ids = [first!.caseId, free!.caseId, newId()];
    const { id, identifierHash } = linked;
    expect(await world.legacyReconciliation.stampsOf(ids)).to.deep.equal([
      { caseId: first!.caseId, userId: user.id, link: { id, identifierHash, status: 'unlinked' } },
    ]);
    expect(await world.legacyReconciliation.stampsOf([])).to.deep.equal([]);
  });
}

function lists(open: OpenWorld<keyof World>): void {
  it('lists rows that are gone, and links that own none', async () => {
    const world = await open();
    const { legacyLinks, linked } = await plantLinked(world);
    const without = await plantLinked(world);
    const records = await plantRequests(world, 4);
    await legacyLinks.stamp(linked, records, null, NOW);
    const gone = records.slice(0, 3).map(({ caseId }) => caseId);
    for (const caseId of gone) await world.removeLegacyRequest(caseId);
    const ids = await everyId(world, 'row-gone');
    expect(ids).to.include.members(gone).and.to.not.include(records[3]!.caseId);
    const links = await everyId(world, 'link-without-rows');
    expect(links).to.include(without.linked.id).and.to.not.include(linked.id);
  });

  it('lists claims that are open, and candidates', async () => {
    const world = await open();
    const linking = await plantLinking(world);
    const { legacyLinks } = world.unitOfWork.stores(linking.user.tenantId);
    const [claim, over] = [
      await plantLink(world, newLink(linking)),
      await plantLink(world, newLink(linking)),
    ];
    await legacyLinks.save(endLink(over, NOW), null);
    const candidate = newLink(linking);
    await legacyLinks.addCandidates([{ ...candidateLink(candidate, NOW), identifier: candidate.identifier }]);
    const claims = await everyId(world, 'claim-open');
    expect(claims).to.include(claim.id).and.to.not.include.members([over.id]);
    expect(claims).to.not.include(candidate.id);
    const candidates = await everyId(world, 'candidate-unclaimed');
    expect(candidates).to.include(candidate.id).and.to.not.include(claim.id);
  });

  it('lists imported patients to whom nothing is linked, each once', async () => {
    const world = await open();
    const { user: linked } = await plantLinked(world);
    const { tenantId } = linked;
    const [patient, gone, physician, registered] = [
      await plantUser(world, { tenantId }),
      await plantUser(world, { tenantId, isActive: false }),
      await plantUser(world, { tenantId, role: 'physician' }),
      await plantUser(world, { tenantId }),
    ];
    const { importedUsers } = world.unitOfWork.stores(tenantId);
    for (let run = 0; run < 2; run += 1) {
      const { id: runId } = await world.batchRuns.open(newRun());
      for (const [index, { id: userId }] of [linked, patient, gone, physician].entries()) {
        await importedUsers.add({ runId, line: index + 2, userId });
      }
    }
    const ids = await everyId(world, 'never-linked');
    expect(ids.filter((id) => id === patient.id)).to.have.length(1);
    for (const { id } of [linked, gone, physician, registered]) expect(ids).to.not.include(id);
  });
}

function shared(open: OpenWorld<keyof World>): void {
  it('gives one row of each identifier that is under several user ids, by its part', async () => {
    const world = await open();
    const records = await plantRequests(world, 6);
    const [twice, once, silent] = [newHash(), newHash(), newHash()];
    twice[0] = 0xf0;
    const hashes = [twice, twice, once, once, silent, silent];
    const [one, other] = [newHash(), newHash()];
    const people = [one, other, one, one, one, undefined];
    await world.legacyIndex.put(
      records.map(({ caseId, vendorId }, index) => ({
        caseId,
        vendorId,
        createdAt: NOW,
        language: 'en',
        hashes: { phone: hashes[index]!, ...(people[index] && { legacy_user_id: people[index] }) },
      })),
    );
    const own = new Set(records.map(({ caseId }) => caseId));
    const found = async (kind: 'phone' | 'email', part: number) =>
      (await world.legacyReconciliation.listShared(kind, part, 16)).filter(({ caseId }) => own.has(caseId));
    const [first] = [records[0]!, records[1]!].sort((a, b) => (a.caseId < b.caseId ? -1 : 1));
    expect(await found('phone', 15)).to.deep.equal([first]);
    for (let part = 0; part < 15; part += 1) expect(await found('phone', part)).to.deep.equal([]);
    expect(await found('email', 15)).to.deep.equal([]);
  });
}

/** What every `LegacyReconciliation` tells. */
export function legacyReconciliationContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as LegacyReconciliation`, () => {
    stamps(open);
    lists(open);
    shared(open);
  });
}
