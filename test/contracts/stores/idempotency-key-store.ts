import { expect } from 'chai';
import type {
  IdempotencyClaim,
  IdempotencyRecord,
} from '../../../src/application/ports/stores/idempotency-key-store.ts';
import type { TenantId } from '../../../src/domain/shared/ids.ts';
import { failureOf, undo } from './expectations.ts';
import { at, newHash, newId, NOW, plantTenant } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork'>;

const newRecord = (tenantId: TenantId, given: Partial<IdempotencyRecord> = {}): IdempotencyRecord => ({
  keyHash: newHash(),
  tenantId,
  fingerprint: newHash(),
  resourceId: newId(),
  createdAt: NOW,
  expiresAt: at(60),
  ...given,
});

/** A record of a tenant of its own that is not stored yet. */
async function aRecord(world: World): Promise<IdempotencyRecord> {
  return newRecord((await plantTenant(world)).id);
}

/** Another request with the same key. */
const rivalOf = (record: IdempotencyRecord, given: Partial<IdempotencyRecord> = {}): IdempotencyRecord =>
  newRecord(record.tenantId, { keyHash: record.keyHash, ...given });

const claim = ({ unitOfWork }: World, record: IdempotencyRecord): Promise<IdempotencyClaim> =>
  unitOfWork.run(record.tenantId, ({ idempotencyKeys }) => idempotencyKeys.claim(record));

const find = (
  { unitOfWork }: World,
  { keyHash, tenantId }: Pick<IdempotencyRecord, 'keyHash' | 'tenantId'>,
  now = NOW,
): Promise<IdempotencyRecord | null> => unitOfWork.stores(tenantId).idempotencyKeys.find(keyHash, now);

/** What every `IdempotencyKeyStore` keeps. */
export function idempotencyKeyStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as an IdempotencyKeyStore`, () => {
    describe('claiming', () => {
      claimingContract(open);
    });
    describe('claiming at once', () => {
      it('lets one of many be the first, and tells the others of no other', async () => {
        await checkParallelClaims(await open());
      });

      it('never waits for a unit of work that has claimed the key, and lets one of the two be the first', async () => {
        const world = await open();
        const record = await aRecord(world);
        let inner: IdempotencyClaim | null = null;
        const outer = await world.unitOfWork.run(record.tenantId, async ({ idempotencyKeys }) => {
          const claimed = await idempotencyKeys.claim(record);
          inner ??= await claim(world, rivalOf(record));
          return claimed;
        });
        expect([outer, inner].filter((one) => one?.kind === 'claimed')).to.have.length(1);
      });

      it('lets keys of one tenant be claimed at once that differ', async () => {
        const world = await open();
        const { tenantId } = await aRecord(world);
        const records = Array.from({ length: 20 }, () => newRecord(tenantId));
        const claims = await Promise.all(records.map((record) => claim(world, record)));
        expect(claims).to.deep.equal(records.map(() => ({ kind: 'claimed' })));
      });
    });
    describe('among tenants', () => {
      tenantContract(open);
    });
  });
}

function claimingContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what was claimed, and nothing by another key', async () => {
    const world = await open();
    const record = await aRecord(world);
    expect(await find(world, record)).to.equal(null);
    expect(await claim(world, record)).to.deep.equal({ kind: 'claimed' });
    expect(await find(world, record)).to.deep.equal(record);
    expect(await find(world, newRecord(record.tenantId))).to.equal(null);
  });

  it('tells whoever comes later of the first, whatever he asks for, and keeps nothing of his', async () => {
    const world = await open();
    const record = await aRecord(world);
    await claim(world, record);
    for (const later of [rivalOf(record), rivalOf(record, { fingerprint: record.fingerprint })]) {
      expect(await claim(world, later)).to.deep.equal({ kind: 'known', record });
    }
    expect(await find(world, record)).to.deep.equal(record);
  });

  it('counts until the very moment when a record expires, and replaces it from then on', async () => {
    const world = await open();
    const record = await aRecord(world);
    await claim(world, record);
    expect(await find(world, record, at(59.999))).to.deep.equal(record);
    expect(await find(world, record, at(60))).to.equal(null);
    const early = rivalOf(record, { createdAt: at(59.999), expiresAt: at(120) });
    expect(await claim(world, early)).to.deep.equal({ kind: 'known', record });
    const next = rivalOf(record, { createdAt: at(60), expiresAt: at(120) });
    expect(await claim(world, next)).to.deep.equal({ kind: 'claimed' });
    expect(await find(world, record, at(60))).to.deep.equal(next);
  });

  it('shows nobody a record before its unit of work is kept', async () => {
    const world = await open();
    const record = await aRecord(world);
    await world.unitOfWork.run(record.tenantId, async ({ idempotencyKeys }) => {
      await idempotencyKeys.claim(record);
      expect(await idempotencyKeys.find(record.keyHash, NOW)).to.deep.equal(record);
      expect(await find(world, record)).to.equal(null);
    });
    expect(await find(world, record)).to.deep.equal(record);
  });

  it('leaves the key free where the unit of work failed, and an expired record as it was', async () => {
    const world = await open();
    const record = await aRecord(world);
    await undo(world, record.tenantId, ({ idempotencyKeys }) => idempotencyKeys.claim(record));
    expect(await find(world, record)).to.equal(null);
    expect(await claim(world, record)).to.deep.equal({ kind: 'claimed' });
    const next = rivalOf(record, { createdAt: at(60), expiresAt: at(120) });
    await undo(world, record.tenantId, ({ idempotencyKeys }) => idempotencyKeys.claim(next));
    expect(await find(world, record)).to.deep.equal(record);
    expect(await claim(world, next)).to.deep.equal({ kind: 'claimed' });
  });
}

function tenantContract(open: OpenWorld<keyof World>): void {
  it('finds no record of another tenant', async () => {
    const world = await open();
    const record = await aRecord(world);
    const other = await plantTenant(world);
    await claim(world, record);
    expect(await find(world, { keyHash: record.keyHash, tenantId: other.id })).to.equal(null);
  });

  it("neither tells of another tenant's record nor replaces it, expired or not", async () => {
    const world = await open();
    const record = await aRecord(world);
    const other = await plantTenant(world);
    await claim(world, record);
    for (const createdAt of [NOW, at(60)]) {
      const theirs = rivalOf(record, { tenantId: other.id, createdAt, expiresAt: at(120) });
      await failureOf(claim(world, theirs));
      expect(await find(world, theirs)).to.equal(null);
    }
    expect(await find(world, record)).to.deep.equal(record);
  });

  it('takes no record of another tenant', async () => {
    const world = await open();
    const record = await aRecord(world);
    const other = await plantTenant(world);
    await failureOf(world.unitOfWork.run(other.id, ({ idempotencyKeys }) => idempotencyKeys.claim(record)));
    expect(await find(world, record)).to.equal(null);
  });
}

/** Twenty claim one key at once: one is the first, and the others hear of him or that somebody is at it. */
export async function checkParallelClaims(world: World): Promise<void> {
  const first = await aRecord(world);
  const records = [first, ...Array.from({ length: 19 }, () => rivalOf(first))];
  const claims = await Promise.all(records.map((record) => claim(world, record)));
  const [winner, ...more] = records.filter((_, index) => claims[index]?.kind === 'claimed');
  expect(more).to.deep.equal([]);
  expect(await find(world, first)).to.deep.equal(winner);
  for (const one of claims) {
    if (one.kind === 'known') expect(one.record).to.deep.equal(winner);
  }
}
