import { expect } from 'chai';
import pg from 'pg';
import { unstampRequests } from '../../../src/adapters/postgres/legacy/stamps.ts';
import { unstampRun } from '../../../src/adapters/postgres/legacy/unstamp-run.ts';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.ts';
import type { StampedCase, StoredLink } from '../../../src/application/ports/stores/legacy-link-store.ts';
import { followLink } from '../../../src/application/steps/follow-link.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import type { LegacyRecord } from '../../../src/domain/legacy/legacy-record.ts';
import { refusalOf } from '../../contracts/stores/expectations.ts';
import { newId, NOW } from '../../contracts/stores/fixtures.ts';
import { plantLinked, plantLinking, plantRequests } from '../../contracts/stores/legacy-fixtures.ts';
import { systemOf } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { ExplainedStatements, nodesOf } from '../../support/explained-statements.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const WAITING = `SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'casegate' AND wait_event_type = 'Lock'`;
const ADOPT = `INSERT INTO cases (uuid, tenant_uuid, state, version, language, priority, origin, created_at, updated_at, due_at)
  VALUES ($1, $2, 'queued', 1, 'en', 'routine', 'legacy', now(), now(), now())`;

describe('Rows that are stamped', () => {
  let world: PostgresStoreWorld;
  let other: pg.Client;
  let link: StoredLink;
  let records: readonly LegacyRecord[];

  beforeEach(async () => {
    world = await postgresStoreWorld();
    other = new pg.Client({ connectionString: world.url });
    await other.connect();
    link = await plantLinked(world, await plantLinking(world));
    records = await plantRequests(world, 3);
  });
  afterEach(async () => {
    await other.end();
    await world.close();
  });

  const links = () => world.unitOfWork.stores(link.tenantId).legacyLinks;
  const owners = () =>
    Promise.all(records.map(({ caseId }) => world.readLegacyOwner(caseId))).then((found) => new Set(found));
  /** Somebody else's transaction holds what a query reads, until the work is done. */
  const whileHeld = async (query: string, id: string, work: () => Promise<void>): Promise<void> => {
    await other.query('BEGIN');
    await other.query(query, [id]);
    await work();
    await other.query('ROLLBACK');
  };
  const HELD_ROW = 'SELECT FROM rn_requests WHERE uuid = $1 FOR UPDATE';

  it('are passed over while the legacy service holds them', async () => {
    const [held, ...free] = records as [LegacyRecord, ...LegacyRecord[]];
    await whileHeld(HELD_ROW, held.caseId, async () => {
      const stamped = await links().stamp(link, records, null, NOW);
      expect(stamped.map(({ caseId }) => caseId)).to.have.members(free.map(({ caseId }) => caseId));
    });
  });

  const installations = {
    'where their texts are kept as JSON': `ALTER TABLE rn_requests ALTER user_id TYPE json USING to_json(user_id),
      ALTER user_identifier TYPE jsonb USING to_jsonb(user_identifier)`,
    'where their texts are kept as numbers': `ALTER TABLE rn_requests ALTER user_id TYPE jsonb USING '4711',
      ALTER user_identifier TYPE bigint USING 18`,
    'where they have no identifiers': 'ALTER TABLE rn_requests DROP COLUMN user_identifier',
  };
  for (const [where, alter] of Object.entries(installations)) {
    it(`are found and stamped ${where}`, async () => {
      await world.sql(alter);
      const { rows } = await world.legacyIndex.listUnindexed(null, 10);
      const stamped = await links().stamp(link, rows, null, NOW);
      expect(stamped.map(({ caseId }) => caseId)).to.have.members(records.map(({ caseId }) => caseId));
    });

    it(`are left alone ${where} and say something else by now`, async () => {
      await world.sql(alter);
      const { rows } = await world.legacyIndex.listUnindexed(null, 10);
      const others = rows.map((row) => ({ ...row, userId: 'u-2' }));
      expect(await links().stamp(link, others, null, NOW)).to.deep.equal([]);
    });
  }

  it('all keep their owner where one of them is held while the link is unstamped', async () => {
    await links().stamp(link, records, null, NOW);
    await whileHeld(HELD_ROW, records[1]!.caseId, async () => {
      await refusalOf(Unavailable, links().unstamp(link.id));
    });
    expect(await owners()).to.deep.equal(new Set([link.userId]));
    expect(await links().countStamped(link.id)).to.equal(3);
    expect(await links().unstamp(link.id)).to.have.length(3);
  });

  it('are told as adopted where that came while they were waited for', async () => {
    const held = 'SELECT FROM legacy_links WHERE uuid = $1 FOR UPDATE';
    const stamping: Promise<readonly StampedCase[]>[] = [];
    await whileHeld(held, link.id, async () => {
      stamping.push(links().stamp(link, records, null, NOW));
      await eventually(async () => (await world.sql(WAITING)).length > 0);
      await world.sql(ADOPT, [records[0]!.caseId, link.tenantId]);
    });
    const adopted = (await stamping[0]!).filter(({ isAdopted }) => isAdopted);
    expect(adopted.map(({ caseId }) => caseId)).to.deep.equal([records[0]!.caseId]);
  });

  it('are free again within a moment where somebody acts on one of their cases', async () => {
    const [{ caseId }] = records as [LegacyRecord];
    await world.sql(ADOPT, [caseId, link.tenantId]);
    const actor = systemOf(link.tenantId);
    const deps = { clock: { now: () => NOW }, idGenerator: new UuidV7Generator() };
    await whileHeld('SELECT FROM cases WHERE uuid = $1 FOR UPDATE', caseId, async () => {
      const began = Date.now();
      const stamping = world.unitOfWork.run(link.tenantId, async (stores) => {
        const stamped = await stores.legacyLinks.stamp(link, records, null, NOW);
        await followLink(deps, stores, { actor, stamped, userId: link.userId });
      });
      await refusalOf(Unavailable, stamping);
      expect(Date.now() - began).to.be.below(2_000);
    });
    expect(await owners()).to.deep.equal(new Set([null]));
  });
});

describe('The statements that unstamp, where statistics say that no row has an owner', () => {
  let world: PostgresStoreWorld;
  let client: pg.Client;
  let link: StoredLink;
  const runId = newId();

  before(async () => {
    world = await postgresStoreWorld();
    client = new pg.Client({ connectionString: world.url });
    await client.connect();
    link = await plantLinked(world, await plantLinking(world));
    for (const table of ['rn_requests', 'legacy_stamps']) {
      await client.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
    }
    await client.query(`INSERT INTO rn_requests (uuid, vendor_id, created_at)
      SELECT gen_random_uuid(), 'vendor-a', now() FROM generate_series(1, 20000)`);
    await client.query('ANALYZE rn_requests');
    await client.query('UPDATE rn_requests SET user_uuid = $1', [link.userId]);
    await client.query(
      `INSERT INTO legacy_stamps (request_uuid, tenant_uuid, link_uuid, user_uuid, run_uuid, stamped_at)
       SELECT uuid, $1, $2, $3, $4, now() FROM rn_requests`,
      [link.tenantId, link.id, link.userId, runId],
    );
  });
  after(async () => {
    await client.end();
    await world.close();
  });

  /** Expects that rows of the legacy service are found by their ids alone. */
  const expectByIds = ({ plans }: ExplainedStatements): void => {
    const indexes = plans.map((plan) => nodesOf(plan).map((node) => node['Index Name']));
    const told = JSON.stringify(plans);
    expect(indexes.flat(), told).to.not.include('rn_requests_user_uuid_idx');
    for (const used of indexes.filter((names) => names.length > 1)) {
      if (used.some((name) => name?.startsWith('legacy_stamps'))) {
        expect(used, told).to.include('rn_requests_pkey');
      }
    }
  };

  it('find the rows of a run by their ids', async () => {
    const statements = new ExplainedStatements(client);
    const { cases, last } = await unstampRun(statements, { tenantId: link.tenantId, runId }, null, 100);
    expect(cases).to.have.length(100);
    expect(last).not.to.equal(null);
    expectByIds(statements);
  });

  it('find the rows of a link by their ids', async () => {
    const statements = new ExplainedStatements(client);
    expect(await unstampRequests(statements, link.tenantId, link.id)).to.have.length(19_900);
    expectByIds(statements);
  });
});
