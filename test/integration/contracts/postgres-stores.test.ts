import { everyStoreContract } from '../../contracts/stores/every-store-contract.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

describe('PostgreSQL', () => {
  let world: PostgresStoreWorld;

  before(async () => {
    world = await postgresStoreWorld();
  });
  after(() => world.close());

  everyStoreContract('PostgreSQL', async () => {
    await world.sql('DELETE FROM signing_keys');
    return world;
  });
});
