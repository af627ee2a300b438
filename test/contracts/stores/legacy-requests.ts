import { expect } from 'chai';
import type { LegacyLookup } from '../../../src/application/ports/legacy/legacy-requests.ts';
import { proveLink } from '../../../src/domain/legacy/legacy-link.ts';
import type { CaseId } from '../../../src/domain/shared/ids.ts';
import { at, newHash, newId, NOW } from './fixtures.ts';
import { newLink, newRequest, plantLink, plantLinking } from './legacy-fixtures.ts';
import type { OpenWorld, PlantedRequest, StoreWorld } from './store-world.ts';

type World = Pick<
  StoreWorld,
  | 'unitOfWork'
  | 'dataKeyStore'
  | 'legacyIndex'
  | 'forgetLegacyIndex'
  | 'openLegacyRequests'
  | 'writeLegacyRequest'
  | 'removeLegacyRequest'
>;

/** A look-up of a user id that no other test writes. */
const newLookup = (given: Partial<LegacyLookup> = {}): LegacyLookup => ({
  kind: 'legacy_user_id',
  normal: `u-${newId()}`,
  vendorId: 'vendor-a',
  hash: newHash(),
  vendorKind: null,
  ...given,
});

/** Writes a request that says the identifier, long ago. */
async function plantFor(
  { writeLegacyRequest }: World,
  { normal, vendorId }: LegacyLookup,
  given: Partial<PlantedRequest> = {},
): Promise<PlantedRequest> {
  const request = newRequest({
    vendorId,
    userId: normal,
    identifier: null,
    createdAt: at(-86_400),
    ...given,
  });
  await writeLegacyRequest(request);
  return request;
}

const put = ({ legacyIndex }: World, { hash, kind, vendorId }: LegacyLookup, caseId: CaseId): Promise<void> =>
  legacyIndex.put([{ caseId, vendorId, createdAt: NOW, language: 'en', hashes: { [kind]: hash } }]);

const idsOf = async ({ openLegacyRequests }: World, lookup: LegacyLookup): Promise<readonly CaseId[]> =>
  (await openLegacyRequests(NOW).findByIdentifier(lookup)).map(({ caseId }) => caseId).sort();

/** Whether what the index says of a row is held against what the row says now. */
export async function checkLiveRows(world: World): Promise<void> {
  const lookup = newLookup();
  const kept = await plantFor(world, lookup);
  const edited = await plantFor(world, lookup);
  const moved = await plantFor(world, lookup);
  const gone = await plantFor(world, lookup);
  for (const { caseId } of [kept, edited, moved, gone]) await put(world, lookup, caseId);
  await world.legacyIndex.complete(NOW);
  await world.writeLegacyRequest({ ...edited, userId: 'somebody else' });
  await world.writeLegacyRequest({ ...moved, vendorId: 'vendor-b' });
  await world.removeLegacyRequest(gone.caseId);
  expect(await idsOf(world, lookup)).to.deep.equal([kept.caseId]);
}

/** Whether rows are found that are not in the index, whether it is being built or complete. */
export async function checkRowsBesideIndex(world: World): Promise<void> {
  const lookup = newLookup();
  const indexed = await plantFor(world, lookup);
  await put(world, lookup, indexed.caseId);
  const former = await plantFor(world, lookup);
  expect(await idsOf(world, lookup)).to.deep.equal([indexed.caseId, former.caseId].sort());
  await put(world, lookup, former.caseId);
  await world.legacyIndex.complete(NOW);
  const fresh = await plantFor(world, lookup, { createdAt: NOW });
  expect(await idsOf(world, lookup)).to.deep.equal([indexed.caseId, former.caseId, fresh.caseId].sort());
}

/** What every `LegacyRequests` keeps. */
export function legacyRequestsContract(name: string, open: OpenWorld<keyof World>): void {
  const openUnbuilt = async (): Promise<World> => {
    const world = await open();
    await world.forgetLegacyIndex();
    return world;
  };

  describe(`${name} as LegacyRequests`, () => {
    it('finds what says the identifier, however it is written, and nothing else', async () => {
      const world = await openUnbuilt();
      const vendorId = `vendor-${newId()}`;
      const lookup = newLookup({ kind: 'national_id', normal: '000000018', vendorId });
      const [padded, spaced] = [
        await plantFor(world, lookup, { vendorId: ` ${vendorId.toUpperCase()}`, identifier: ' 0000-0001-8' }),
        await plantFor(world, lookup, { userId: null, identifier: '00018' }),
      ];
      await plantFor(world, lookup, { identifier: '000000019' });
      await plantFor(world, lookup, { userId: '000000018', identifier: '000000026' });
      await plantFor(world, lookup, { vendorId: null, identifier: '000000018' });
      expect(await idsOf(world, lookup)).to.deep.equal([padded.caseId, spaced.caseId].sort());
      expect(await idsOf(world, { ...lookup, vendorKind: 'phone' })).to.deep.equal([]);
      expect(await idsOf(world, newLookup())).to.deep.equal([]);
    });

    it('gives a record as the row says it now, with its owner', async () => {
      const world = await openUnbuilt();
      const lookup = newLookup({ vendorId: null });
      const linking = await plantLinking(world);
      const { legacyLinks } = world.unitOfWork.stores(linking.user.tenantId);
      const link = proveLink(await plantLink(world, newLink(linking)), 'code', NOW);
      expect(await legacyLinks.save(link, null)).to.equal(true);
      const { caseId } = await plantFor(world, lookup, { identifier: ' A@Example.org', vendorId: '' });
      const record = { caseId, vendorId: null, userId: lookup.normal, identifier: ' A@Example.org' };
      const requests = world.openLegacyRequests(NOW);
      expect(await requests.findByIdentifier(lookup)).to.deep.equal([{ ...record, ownerId: null }]);
      await legacyLinks.stamp(link, [{ ...record, ownerId: null }], null, NOW);
      const owned = { ...record, ownerId: linking.user.id };
      expect(await requests.findByIdentifier(lookup)).to.deep.equal([owned]);
    });

    it('believes the row rather than the index', async () => {
      await checkLiveRows(await openUnbuilt());
    });

    it('finds rows that are not in the index', async () => {
      await checkRowsBesideIndex(await openUnbuilt());
    });

    it('finds a row once that is in the index and was written just now', async () => {
      const world = await openUnbuilt();
      const lookup = newLookup();
      const { caseId } = await plantFor(world, lookup, { createdAt: NOW });
      await put(world, lookup, caseId);
      expect(await idsOf(world, lookup)).to.deep.equal([caseId]);
    });

    it('answers many at once while the index is being built', async () => {
      const world = await openUnbuilt();
      const lookups = Array.from({ length: 10 }, () => newLookup());
      const planted = await Promise.all(lookups.map((lookup) => plantFor(world, lookup)));
      const requests = world.openLegacyRequests(NOW);
      const found = await Promise.all(lookups.map((lookup) => requests.findByIdentifier(lookup)));
      expect(found.map((records) => records.map(({ caseId }) => caseId))).to.deep.equal(
        planted.map(({ caseId }) => [caseId]),
      );
    });
  });
}
