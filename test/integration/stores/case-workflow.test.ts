import { caseWorkflowProperty } from '../../properties/case-workflow-property.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

describe('Cases in PostgreSQL', () => {
  let world: PostgresStoreWorld;
  before(async () => {
    world = await postgresStoreWorld();
  });
  after(() => world.close());

  caseWorkflowProperty('The workflow in PostgreSQL', () => world, {
    numRuns: 12,
    common: ['claimed', 'started'],
  });
});
