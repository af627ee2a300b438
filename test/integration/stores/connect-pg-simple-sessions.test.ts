import { expect } from 'chai';
import { ConnectPgSimpleSessions } from '../../../src/adapters/postgres/legacy/connect-pg-simple-sessions.ts';
import type { Statements } from '../../../src/adapters/postgres/statements.ts';
import { PoolStatements } from '../../../src/adapters/postgres/pool-statements.ts';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import type { LegacySession } from '../../../src/domain/legacy/legacy-session.ts';
import { withClient } from '../../support/legacy-service.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const LATE = '2036-01-01T00:00:00Z';
const sessOf = (expires: string): string =>
  JSON.stringify({ cookie: { originalMaxAge: 1000, expires }, passport: { user: 'u-1' } });

describe('ConnectPgSimpleSessions', () => {
  let world: PostgresStoreWorld;
  let database: PostgresDatabase;
  let statements: Statements;

  beforeEach(async () => {
    world = await postgresStoreWorld();
    database = openDatabase({ url: world.url, prepared: true });
    statements = new PoolStatements(database.kysely);
  });
  afterEach(async () => {
    await database.close();
    await world.close();
  });

  const find = (timeZone: string, now: string, sid = 'sid'): Promise<LegacySession | null> => {
    const sessions = new ConnectPgSimpleSessions(statements, { timeZone, subject: ['passport', 'user'] });
    return sessions.find(sid, new Date(now));
  };
  const write = (expire: string, sess = sessOf(LATE)) =>
    world.sql(
      `INSERT INTO nest_sessions (sid, sess, expire) VALUES ('sid', $1, $2)
        ON CONFLICT (sid) DO UPDATE SET sess = excluded.sess, expire = excluded.expire`,
      [sess, expire],
    );

  for (const [timeZone, expire, end] of [
    ['UTC', '2026-07-01 12:00:00', '2026-07-01T12:00:00.000Z'],
    ['Asia/Jerusalem', '2026-07-01 12:00:00', '2026-07-01T09:00:00.000Z'],
    ['Asia/Jerusalem', '2026-01-01 12:00:00', '2026-01-01T10:00:00.000Z'],
    // Clocks went from 02:00 to 03:00, so that 02:30 never was; it is read by the offset that was in force before.
    ['Asia/Jerusalem', '2026-03-27 01:59:59', '2026-03-26T23:59:59.000Z'],
    ['Asia/Jerusalem', '2026-03-27 02:30:00', '2026-03-27T00:30:00.000Z'],
    ['Asia/Jerusalem', '2026-03-27 03:00:00', '2026-03-27T00:00:00.000Z'],
    // Clocks went from 02:00 back to 01:00, so that 01:30 was twice; it is read as the later one, and the cookie tells better.
    ['Asia/Jerusalem', '2026-10-25 00:59:59', '2026-10-24T21:59:59.000Z'],
    ['Asia/Jerusalem', '2026-10-25 01:30:00', '2026-10-24T23:30:00.000Z'],
    ['Asia/Jerusalem', '2026-10-25 02:00:00', '2026-10-25T00:00:00.000Z'],
    ['America/New_York', '2026-07-01 12:00:00.123456', '2026-07-01T16:00:00.123Z'],
    ['Etc/GMT+5', '2026-07-01 12:00:00', '2026-07-01T17:00:00.000Z'],
    ['Asia/Kathmandu', '2026-07-01 12:00:00', '2026-07-01T06:15:00.000Z'],
  ] as const) {
    it(`reads ${expire} of ${timeZone} as ${end}`, async () => {
      await write(expire);
      const before = new Date(Date.parse(end) - 1).toISOString();
      expect((await find(timeZone, before))?.expiresAt).to.deep.equal(new Date(end));
      expect(await find(timeZone, end)).to.equal(null);
    });
  }

  it('reads the same, whatever zone its own connections are in', async () => {
    await write('2026-07-01 12:00:00');
    await world.sql(
      `ALTER ROLE CURRENT_USER IN DATABASE ${new URL(world.url).pathname.slice(1)} SET TimeZone = 'Asia/Tokyo'`,
    );
    await database.close();
    database = openDatabase({ url: world.url, prepared: true });
    statements = new PoolStatements(database.kysely);
    const session = await find('Asia/Jerusalem', '2026-06-01T00:00:00Z');
    expect(session?.expiresAt).to.deep.equal(new Date('2026-07-01T09:00:00Z'));
  });

  it('ends a session by its cookie in the hour that was twice', async () => {
    await write('2026-10-25 01:30:00', sessOf('2026-10-24T22:30:00.000Z'));
    const session = await find('Asia/Jerusalem', '2026-10-24T22:00:00Z');
    expect(session?.expiresAt).to.deep.equal(new Date('2026-10-24T22:30:00Z'));
    expect(await find('Asia/Jerusalem', '2026-10-24T22:30:00Z')).to.equal(null);
  });

  for (const type of ['timestamptz', 'timestamp', 'timestamp(0)', 'timestamptz(3)']) {
    it(`reads a column of type ${type}`, async () => {
      await world.sql(`ALTER TABLE nest_sessions ALTER expire TYPE ${type} USING expire::text::${type}`);
      await world.sql(`INSERT INTO nest_sessions VALUES ('sid', $1, $2)`, [
        sessOf(LATE),
        '2026-07-01 12:00:00Z',
      ]);
      const end = type.startsWith('timestamptz') ? '2026-07-01T12:00:00Z' : '2026-07-01T09:00:00Z';
      const session = await find('Asia/Jerusalem', '2026-06-01T00:00:00Z');
      expect(session?.expiresAt).to.deep.equal(new Date(end));
    });
  }

  for (const type of ['json', 'jsonb', 'text']) {
    it(`reads data of type ${type}`, async () => {
      await world.sql(`ALTER TABLE nest_sessions ALTER sess TYPE ${type} USING sess::text::${type}`);
      await write('2026-07-01 12:00:00');
      const session = await find('UTC', '2026-06-01T00:00:00Z');
      expect(session?.subject?.userId).to.equal('u-1');
    });
  }

  it('has nothing behind data that are no JSON, nor behind a time without end', async () => {
    await world.sql('ALTER TABLE nest_sessions ALTER sess TYPE text');
    for (const sess of ['', '{', 'a:1:{s:2:"id";}']) {
      await write('2026-07-01 12:00:00', sess);
      expect(await find('UTC', '2026-06-01T00:00:00Z')).to.equal(null);
    }
    for (const expire of ['infinity', '-infinity', '294276-12-31']) {
      await write(expire, sessOf('2026-07-01T12:00:00Z'));
      expect(await find('UTC', '2026-07-02T00:00:00Z')).to.equal(null);
    }
    await write('infinity');
    expect(await find('UTC', '2026-06-01T00:00:00Z')).to.equal(null);
  });

  it('follows a table that is changed while it runs', async () => {
    await write('2026-07-01 12:00:00');
    await find('Asia/Jerusalem', '2026-06-01T00:00:00Z');
    await withClient(world.url, async (client) => {
      await client.query('ALTER TABLE nest_sessions ADD COLUMN note text');
      await client.query(
        `ALTER TABLE nest_sessions ALTER expire TYPE timestamptz USING expire AT TIME ZONE 'UTC'`,
      );
      await client.query('ALTER TABLE nest_sessions ALTER sess TYPE jsonb');
    });
    const session = await find('Asia/Jerusalem', '2026-06-01T00:00:00Z');
    expect(session?.expiresAt).to.deep.equal(new Date('2026-07-01T12:00:00Z'));
  });

  it('finds a session by the primary key', async () => {
    await withClient(world.url, async (client) => {
      await client.query('SET enable_seqscan = off');
      const plans: string[] = [];
      const explained: Statements = {
        run: async ({ text }, parameters) => {
          const { rows } = await client.query<Record<'QUERY PLAN', string>>(`EXPLAIN ${text}`, [
            ...parameters,
          ]);
          plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
          return [];
        },
      };
      const options = { timeZone: 'UTC', subject: ['passport', 'user'] };
      await new ConnectPgSimpleSessions(explained, options).find('sid', new Date());
      expect(plans.join()).to.match(/Index Scan using nest_sessions_pkey/);
    });
  });
});
