import { expect } from 'chai';
import type {
  IdempotencyClaim,
  IdempotencyRecord,
} from '../../../src/application/ports/stores/idempotency-key-store.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { atOnceSettled, failureOf } from '../../contracts/stores/expectations.ts';
import { at, newHash, newId, NOW } from '../../contracts/stores/fixtures.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const aRecord = (keyHash = newHash()): IdempotencyRecord => ({
  keyHash,
  tenantId: DEFAULT_TENANT_ID,
  fingerprint: newHash(),
  resourceId: newId(),
  createdAt: NOW,
  expiresAt: at(60),
});

describe('A key that somebody has claimed, in PostgreSQL', () => {
  let world: PostgresStoreWorld;
  before(async () => {
    world = await postgresStoreWorld();
  });
  after(() => world.close());

  const claim = (record: IdempotencyRecord): Promise<IdempotencyClaim> =>
    world.unitOfWork.run(DEFAULT_TENANT_ID, ({ idempotencyKeys }) => idempotencyKeys.claim(record));

  it('is in use until his unit of work ends, stands for what it kept, and is free where it failed', async () => {
    for (const ends of ['kept', 'undone'] as const) {
      const record = aRecord();
      const rival = aRecord(record.keyHash);
      const first = world.unitOfWork.run(DEFAULT_TENANT_ID, async ({ idempotencyKeys }) => {
        expect(await idempotencyKeys.claim(record)).to.deep.equal({ kind: 'claimed' });
        expect(await claim(rival)).to.deep.equal({ kind: 'in-use' });
        expect(await claim(aRecord())).to.deep.equal({ kind: 'claimed' });
        if (ends === 'undone') throw new Error('undo');
      });
      if (ends === 'kept') {
        await first;
        expect(await claim(rival)).to.deep.equal({ kind: 'known', record });
      } else {
        await failureOf(first);
        expect(await claim(rival)).to.deep.equal({ kind: 'claimed' });
      }
    }
  });

  it('has one owner also where many claim it without a unit of work, which no use case does', async () => {
    const { idempotencyKeys } = world.unitOfWork.stores(DEFAULT_TENANT_ID);
    const keyHash = newHash();
    const { done } = await atOnceSettled(20, () => idempotencyKeys.claim(aRecord(keyHash)));
    expect(done.filter(({ kind }) => kind === 'claimed')).to.have.length(1);
  });
});
