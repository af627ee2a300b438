import { expect } from 'chai';
import { newSubmission, plantDataKey, plantUser } from '../../contracts/stores/fixtures.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';
import { indexProcess, insertRequest, REQUESTER } from './index-world.ts';

describe('The table of legacy requests, altered while a process runs', () => {
  let world: PostgresStoreWorld;
  let index: ReturnType<typeof indexProcess>;
  beforeEach(async () => {
    world = await postgresStoreWorld();
    index = indexProcess(world.url);
  });
  afterEach(async () => {
    await index.close();
    await world.close();
  });

  it('is looked at anew by the index after a run that failed', async () => {
    const first = await insertRequest(world);
    await index.build();
    await index.run();
    await world.sql('ALTER TABLE rn_requests DROP COLUMN language, DROP COLUMN created_at');
    const second = await insertRequest(world);
    await failureOf(index.runLater());
    expect(await index.runLater()).to.include({ indexed: 1 });
    expect(await index.find('clinic', REQUESTER)).to.deep.equal([first, second].sort());
  });

  it('is looked at anew by a look-up that failed', async () => {
    const id = await insertRequest(world);
    expect(await index.find('clinic', REQUESTER)).to.deep.equal([id]);
    await world.sql(
      'ALTER TABLE rn_requests ALTER user_id TYPE jsonb USING to_jsonb(user_id), DROP COLUMN language',
    );
    await failureOf(index.find('clinic', REQUESTER));
    expect(await index.find('clinic', REQUESTER)).to.deep.equal([id]);
  });

  it('is looked at anew by new cases after one that failed', async () => {
    const patient = await plantUser(world);
    const keyId = await plantDataKey(world, patient.tenantId);
    const add = async (): Promise<unknown> => {
      const submission = newSubmission(keyId, { tenantId: patient.tenantId, patientId: patient.id });
      await world.unitOfWork.stores(patient.tenantId).cases.add(submission);
      const [row] = await world.sql('SELECT to_jsonb(rn_requests) AS said FROM rn_requests WHERE uuid = $1', [
        submission.submitted.id,
      ]);
      return (row as { readonly said: unknown }).said;
    };
    expect(await add()).to.include.keys('language', 'created_at');
    await world.sql('ALTER TABLE rn_requests DROP COLUMN language');
    await failureOf(add());
    expect(await add()).not.to.include.keys('language');
  });
});
