import { expect } from 'chai';
import fc from 'fast-check';
import type pg from 'pg';
import { identifiersOf } from '../../../src/domain/legacy/legacy-record.ts';
import { normalVendorId } from '../../../src/domain/shared/vendor-id.ts';
import { LegacyWriter, withClient } from '../../support/legacy-service.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { indexProcess } from './index-world.ts';

type Process = ReturnType<typeof indexProcess>;

interface Given {
  readonly vendor_id?: string | null;
  readonly user_id?: string | null;
  readonly user_identifier?: string | null;
}

/** Writes a request as the legacy service does. @returns its id */
async function insert(client: pg.Client, given: Given): Promise<string> {
  const names = Object.keys(given);
  const places = names.map((_, index) => `$${String(index + 1)}`);
  const { rows } = await client.query<{ uuid: string }>(
    `INSERT INTO rn_requests (${names.join(', ')}) VALUES (${places.join(', ')}) RETURNING uuid`,
    Object.values(given),
  );
  return rows[0]!.uuid;
}

const USER = { kind: 'legacy_user_id', normal: '4711' } as const;
const PHONE = { kind: 'phone', normal: '+972521234568' } as const;

/** What installations may have made of the table. */
const SHAPES: Readonly<Record<string, string>> = {
  'as most have it': '',
  'with an index by time': 'CREATE INDEX ON rn_requests (created_at)',
  'without times': 'ALTER TABLE rn_requests DROP COLUMN created_at',
  'with times that need not be there':
    'ALTER TABLE rn_requests ALTER created_at DROP NOT NULL, ALTER created_at DROP DEFAULT',
  'with an index by times that need not be there': `ALTER TABLE rn_requests ALTER created_at DROP NOT NULL,
    ALTER created_at DROP DEFAULT; CREATE INDEX ON rn_requests (created_at)`,
  'with times without a zone': `ALTER TABLE rn_requests ALTER created_at TYPE timestamp(3),
    ALTER created_at SET DEFAULT now() AT TIME ZONE 'Asia/Tokyo'`,
  'with times written somewhere west': `ALTER TABLE rn_requests ALTER created_at TYPE timestamp,
    ALTER created_at SET DEFAULT now() AT TIME ZONE 'Pacific/Honolulu'`,
  'with numbers as times':
    'ALTER TABLE rn_requests DROP COLUMN created_at, ADD created_at bigint NOT NULL DEFAULT 0',
  'with other types and columns': `ALTER TABLE rn_requests ALTER user_id TYPE bigint USING NULL, ALTER vendor_id TYPE varchar(40),
    ALTER user_identifier TYPE char(30), DROP COLUMN language, DROP COLUMN question, DROP COLUMN status,
    ADD clinic_code varchar(8) NOT NULL DEFAULT 'main'`,
};

for (const [what, change] of Object.entries(SHAPES)) {
  describe(`The index of legacy requests, of a table ${what}`, () => {
    let database: TestDatabase;
    let index: Process;
    before(async () => {
      database = await freshDatabase();
      if (change !== '') await withClient(database.url, (client) => client.query(change));
      index = indexProcess(database.url);
    });
    after(async () => {
      await index.close();
      await database.drop();
    });
    const asLegacy = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> =>
      withClient(database.url, work);

    it('leads to requests that were there, come in, are edited and are deleted', async () => {
      const mine = { vendor_id: ' Clinic ', user_id: '4711', user_identifier: '052-1234568' };
      const former = await asLegacy((client) => insert(client, mine));
      await asLegacy((client) => insert(client, { ...mine, vendor_id: null }));
      expect(await index.find('clinic', USER)).to.deep.equal([former]);
      await index.build();
      expect(await index.find('clinic', PHONE)).to.deep.equal([former]);
      const fresh = await asLegacy((client) => insert(client, mine));
      expect(await index.find('clinic', USER), 'not indexed yet').to.deep.equal([former, fresh].sort());
      await index.run();
      expect((await index.legacyIndex.count()).entries).to.equal(3);
      await asLegacy((client) =>
        client.query(`UPDATE rn_requests SET vendor_id = 'clinic' WHERE vendor_id IS NULL`),
      );
      await asLegacy((client) => client.query('DELETE FROM rn_requests WHERE uuid = $1', [former]));
      await index.compare();
      expect(await index.find('clinic', USER))
        .to.have.length(2)
        .and.to.include(fresh);
      expect(await index.legacyIndex.count()).to.deep.equal({ rows: 2, entries: 2 });
    });

    it('has nothing to do where nothing changed', async () => {
      await index.compare();
      expect(await index.run()).to.deep.equal({ indexed: 0, removed: 0, stamped: 0, completedWith: null });
    });
  });
}

describe('The index of legacy requests, beside others at work', () => {
  let database: TestDatabase;
  let processes: readonly Process[];
  beforeEach(async () => {
    database = await freshDatabase();
    processes = [indexProcess(database.url), indexProcess(database.url), indexProcess(database.url)];
  });
  afterEach(async () => {
    for (const { close } of processes) await close();
    await database.drop();
  });

  it('is built by several at once while the legacy service writes, and keeps it from nothing', async () => {
    await withClient(database.url, async (client) => {
      await client.query(`ALTER TABLE rn_requests ADD clinic_code varchar(8) NOT NULL DEFAULT 'main'`);
      await client.query(`INSERT INTO rn_requests (vendor_id, user_id, user_identifier, created_at)
        SELECT 'clinic', 'u-' || n % 5000, '052' || lpad(n::text, 7, '0'), now() - n * interval '1 min' FROM generate_series(1, 6000) AS n`);
    });
    const writer = await LegacyWriter.start(database.url);
    await Promise.all(processes.map(({ build }) => build()));
    const [index] = processes;
    for (let round = 0; round < 5; round += 1) await Promise.all(processes.map(({ run }) => run()));
    await writer.stop();
    await index!.compare();
    expect(writer.failures).to.deep.equal([]);
    expect(writer.slowestMs).to.be.below(1_000);
    const { entries, rows } = await index!.legacyIndex.count();
    expect(entries).to.equal(rows);
    expect(await index!.find('clinic', { kind: 'legacy_user_id', normal: 'u-7' })).to.have.length(2);
  });

  it('leaves out what Casegate wrote itself, and keeps what it adopted', async () => {
    const [index] = processes;
    const [own, adopted] = await withClient(database.url, async (client) => {
      const ids = [await insert(client, { user_id: '4711' }), await insert(client, { user_id: '4711' })];
      for (const [position, origin] of ['casegate', 'legacy'].entries()) {
        await client.query(
          `INSERT INTO cases (uuid, tenant_uuid, state, language, priority, due_at, created_at, updated_at, origin)
            SELECT $1, uuid, 'queued', 'en', 'routine', now(), now(), now(), $2 FROM tenants WHERE slug = 'default'`,
          [ids[position], origin],
        );
      }
      return ids;
    });
    expect(await index!.find(null, USER)).to.deep.equal([adopted]);
    await index!.build();
    expect(await index!.find(null, USER)).to.deep.equal([adopted]);
    expect(await index!.legacyIndex.count()).to.deep.equal({ rows: 1, entries: 1 });
    expect(own).not.to.equal(adopted);
  });
});

const vendor = fc.constantFrom(null, '', 'a', ' A', 'b');
const userId = fc.constantFrom(null, '', 'u-1', 'U-1 ', 'u-2', 'x@example.org');
const identifier = fc.constantFrom(
  ...[
    null,
    '',
    '000000018',
    '18',
    '0000-0001-8',
    '052-1234568',
    '+972 52 1234568',
    'X@Example.org',
    '000000019',
    '?',
  ],
);
const act = fc.record({
  what: fc.constantFrom('insert', 'insert', 'insert', 'edit', 'delete', 'run'),
  given: fc.record({ vendor_id: vendor, user_id: userId, user_identifier: identifier }),
  daysAgo: fc.constantFrom(...[0, 0, 0, 0, 0, 0, 0, 0, 0, 400]),
});

type Act = typeof act extends fc.Arbitrary<infer Drawn> ? Drawn : never;

describe('The index of legacy requests, under random acts of the legacy service', () => {
  let database: TestDatabase;
  before(async () => {
    database = await freshDatabase();
  });
  after(() => database.drop());

  const perform = async (index: Process, client: pg.Client, { daysAgo, given, what }: Act) => {
    const values = Object.values(given);
    const one = 'uuid = (SELECT uuid FROM rn_requests ORDER BY md5(uuid::text) LIMIT 1)';
    if (what === 'run') await index.run();
    else if (what === 'delete') await client.query(`DELETE FROM rn_requests WHERE ${one}`);
    else if (what === 'edit') {
      await client.query(
        `UPDATE rn_requests SET vendor_id = $1, user_id = $2, user_identifier = $3 WHERE ${one}`,
        values,
      );
    } else {
      await client.query(
        `INSERT INTO rn_requests (vendor_id, user_id, user_identifier, created_at)
          VALUES ($1, $2, $3, now() - $4 * interval '1 day')`,
        [...values, daysAgo],
      );
    }
  };

  it('leads to what a look at every request finds', async () => {
    await withClient(database.url, (client) =>
      fc.assert(
        fc.asyncProperty(
          fc.array(act, { minLength: 5, maxLength: 25 }),
          fc.boolean(),
          async (acts, isBuilt) => {
            await client.query('TRUNCATE legacy_index');
            await client.query(
              'UPDATE legacy_index_state SET built_through = NULL, completed_at = NULL, compared_through = NULL',
            );
            await client.query('DELETE FROM rn_requests');
            const index = indexProcess(database.url);
            try {
              for (const one of acts) await perform(index, client, one);
              // What is edited, or made to look old, is found once it was compared.
              if (isBuilt || acts.some(({ daysAgo, what }) => what === 'edit' || daysAgo > 0)) {
                await index.build();
                await index.compare();
              }
              await agree(index, client);
            } finally {
              await index.close();
            }
          },
        ),
        { numRuns: 25 },
      ),
    );
  });
});

/** Expects for every identifier that any row says that the index leads to the rows that say it. */
async function agree(index: Process, client: pg.Client): Promise<void> {
  const { rows } = await client.query<Required<Given> & { uuid: string }>('SELECT * FROM rn_requests');
  const expected = new Map<string, string[]>();
  for (const row of rows) {
    const found = identifiersOf({ userId: row.user_id, identifier: row.user_identifier }, null);
    for (const { kind, normal } of found) {
      const key = JSON.stringify([normalVendorId(row.vendor_id), kind, normal]);
      expected.set(key, [...(expected.get(key) ?? []), row.uuid]);
    }
  }
  for (const [key, ids] of expected) {
    const [vendorId, kind, normal] = JSON.parse(key) as [string | null, 'phone', string];
    expect(await index.find(vendorId, { kind, normal })).to.deep.equal(ids.sort());
  }
}
