import { expect } from 'chai';
import { proveLink } from '../../../src/domain/legacy/legacy-link.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { NOW } from '../../contracts/stores/fixtures.ts';
import { newLink, plantLink, plantLinking } from '../../contracts/stores/legacy-fixtures.ts';
import { withClient } from '../../support/legacy-service.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';
import { indexProcess, insertRequest, REQUESTER } from './index-world.ts';

describe('Requests of a linked identifier that the legacy service holds while they are indexed', () => {
  let world: PostgresStoreWorld;
  let index: ReturnType<typeof indexProcess>;
  let ownerId: string;

  beforeEach(async () => {
    world = await postgresStoreWorld();
    index = indexProcess(world.url);
    const linking = await plantLinking(world, { tenantId: DEFAULT_TENANT_ID });
    ownerId = linking.user.id;
    const { hash: identifierHash, kind, vendorId } = index.lookup('clinic', REQUESTER);
    const link = await plantLink(world, newLink(linking, { identifierHash, kind, vendorId }));
    await world.unitOfWork.stores(DEFAULT_TENANT_ID).legacyLinks.save(proveLink(link, 'code', NOW), null);
  });
  afterEach(async () => {
    await index.close();
    await world.close();
  });

  /** Does something while the legacy service holds a row. */
  const holding = (id: string, work: () => Promise<void>): Promise<void> =>
    withClient(world.url, async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT FROM rn_requests WHERE uuid = $1 FOR UPDATE', [id]);
      await work();
      await client.query('COMMIT');
    });

  it('get their owner once they are let go, and keep no other from his', async () => {
    await index.build();
    await index.run();
    const [held, free] = [await insertRequest(world), await insertRequest(world)];
    await holding(held, async () => {
      expect(await index.runLater()).to.include({ stamped: 1 });
      expect(await world.readLegacyOwner(free)).to.equal(ownerId);
    });
    expect(await index.runLater()).to.include({ stamped: 1 });
    expect(await world.readLegacyOwner(held)).to.equal(ownerId);
    expect(await index.legacyIndex.count()).to.deep.equal({ rows: 2, entries: 2 });
  });

  it('get it by the next comparison where they were held while the index was built', async () => {
    const held = await insertRequest(world);
    await world.sql(`UPDATE rn_requests SET created_at = now() - interval '1 day'`);
    await holding(held, () => index.build());
    expect(await world.readLegacyOwner(held)).to.equal(null);
    await index.compare();
    expect(await world.readLegacyOwner(held)).to.equal(ownerId);
  });
});
