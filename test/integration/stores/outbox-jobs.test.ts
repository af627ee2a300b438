import { expect } from 'chai';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { EnqueueJob } from '../../../src/adapters/postgres/enqueue-job.ts';
import type { Statement } from '../../../src/adapters/postgres/statements.ts';
import { PostgresUnitOfWork } from '../../../src/adapters/postgres/unit-of-work.ts';
import type { OutboxEntry, OutboxJob } from '../../../src/application/ports/stores/outbox.ts';
import type { Tenant } from '../../../src/domain/tenancy/tenant.ts';
import { newOutboxEntry } from '../../contracts/stores/access-fixtures.ts';
import { failureOf, undo } from '../../contracts/stores/expectations.ts';
import { at, plantDataKey, plantTenant } from '../../contracts/stores/fixtures.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const PUT_JOB: Statement<never> = { text: 'INSERT INTO put_jobs (job) VALUES ($1::jsonb)' };

const putJob: EnqueueJob = async (statements, job) => {
  await statements.run(PUT_JOB, [job]);
};

describe('The job of an entry of the outbox', () => {
  let world: PostgresStoreWorld;
  let tenant: Tenant;
  let entry: OutboxEntry;

  beforeEach(async () => {
    world = await postgresStoreWorld(putJob);
    await world.sql('CREATE TABLE put_jobs (job jsonb NOT NULL)');
    tenant = await plantTenant(world);
    entry = newOutboxEntry(tenant.id, await plantDataKey(world, tenant.id), { dueAt: at(60) });
  });
  afterEach(() => world.close());

  const jobs = async (): Promise<readonly unknown[]> =>
    (await world.sql('SELECT job FROM put_jobs')).map((row) => (row as { job: unknown }).job);

  const ofEntry = (): unknown => {
    const job: OutboxJob = { topic: 'mail', tenantId: tenant.id, outboxId: entry.id, dueAt: entry.dueAt };
    return JSON.parse(JSON.stringify(job));
  };

  const found = (): Promise<OutboxEntry | null> => world.unitOfWork.stores(tenant.id).outbox.find(entry.id);

  it('holds ids and a time only, and is kept with its unit of work', async () => {
    await world.unitOfWork.run(tenant.id, async ({ outbox }) => {
      await outbox.add(entry);
      expect(await jobs()).to.deep.equal([]);
    });
    expect(await jobs()).to.deep.equal([ofEntry()]);
  });

  it('is not there where the unit of work failed', async () => {
    await undo(world, tenant.id, ({ outbox }) => outbox.add(entry));
    expect(await jobs()).to.deep.equal([]);
  });

  it('is kept with its entry outside of a unit of work', async () => {
    await world.unitOfWork.stores(tenant.id).outbox.add(entry);
    expect(await jobs()).to.deep.equal([ofEntry()]);
    expect(await found()).to.deep.equal(entry);
  });

  it('is there for an entry within a limit, and not for one beyond it', async () => {
    const { outbox } = world.unitOfWork.stores(tenant.id);
    expect(await outbox.addWithin(entry, 1, at(-60))).to.equal(true);
    const beyond = newOutboxEntry(tenant.id, entry.payload.keyId, { recipient: entry.recipient });
    expect(await outbox.addWithin(beyond, 1, at(-60))).to.equal(false);
    expect(await jobs()).to.deep.equal([ofEntry()]);
  });

  it('takes its entry with it where it cannot be kept, within a unit of work and outside of one', async () => {
    await world.sql('DROP TABLE put_jobs');
    await failureOf(world.unitOfWork.stores(tenant.id).outbox.add(entry));
    expect(await found()).to.equal(null);
    await failureOf(world.unitOfWork.run(tenant.id, ({ outbox }) => outbox.add(entry)));
    expect(await found()).to.equal(null);
    await failureOf(world.unitOfWork.stores(tenant.id).outbox.addWithin(entry, 1, at(-60)));
    expect(await found()).to.equal(null);
  });

  it('needs no second connection within a unit of work', async () => {
    const { kysely, close } = openDatabase({ url: world.url, prepared: true, poolSize: 1 });
    await new PostgresUnitOfWork(kysely, putJob).run(tenant.id, ({ outbox }) => outbox.add(entry));
    await close();
    expect(await jobs()).to.deep.equal([ofEntry()]);
  });
});
