import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import { PoolStatements } from '../../../src/adapters/postgres/pool-statements.ts';
import { PostgresRevocationList } from '../../../src/adapters/postgres/revocation-list.ts';
import { createMigrator } from '../../../src/adapters/postgres/migrator.ts';
import type { AccessTokenClaims } from '../../../src/domain/access/access-token.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { eventually } from '../../support/eventually.ts';
import { withClient } from '../../support/legacy-service.ts';
import { startRestartablePostgres, type RestartablePostgres } from '../../support/restartable-postgres.ts';

const INSERT_USER = `INSERT INTO users (uuid, tenant_uuid, email, role, language, created_at, updated_at)
  VALUES ($1::uuid, $2, $1::uuid::text, 'patient', 'en', now(), now())`;
const INSERT_SESSION = `INSERT INTO sessions (uuid, tenant_uuid, user_uuid, created_at, last_used_at, idle_expires_at, idle_seconds, expires_at, amr, auth_time)
  VALUES ($1, $2, $3, now(), now(), now() + interval '1 hour', 3600, now() + interval '1 day', '{pwd}', now())`;
const END_SESSION = `WITH ended AS (UPDATE sessions SET ended_at = now(), end_reason = 'revoked' WHERE uuid = $1 RETURNING uuid)
  SELECT pg_notify('casegate_revocations', json_build_object('s', uuid)::text) FROM ended`;
const RAISE_EPOCH = `WITH raised AS (UPDATE users SET token_epoch = token_epoch + 1, epoch_changed_at = now() WHERE uuid = $1 RETURNING uuid, token_epoch)
  SELECT pg_notify('casegate_revocations', json_build_object('u', uuid, 'e', token_epoch)::text) FROM raised`;
const KILL_FEED = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'casegate-feed'`;

/** A token of an account that does not exist. */
const NOBODY: AccessTokenClaims = {
  userId: randomUUID(),
  tenantId: DEFAULT_TENANT_ID,
  sessionId: randomUUID(),
  role: 'patient',
  epoch: 1,
  amr: ['pwd'],
  authTime: new Date(),
};

describe('Revocations told by Postgres', () => {
  let server: RestartablePostgres;
  let database: PostgresDatabase;
  let list: PostgresRevocationList;
  let asked: number;
  let keysChanged: number;
  let dataKeysChanged: number;

  before(async function () {
    this.timeout(60_000);
    server = await startRestartablePostgres();
    await createMigrator({ directUrl: server.url }).up();
  });
  after(() => server.stop());

  beforeEach(async () => {
    asked = 0;
    keysChanged = 0;
    dataKeysChanged = 0;
    database = openDatabase({ url: server.url, prepared: true });
    const pool = new PoolStatements(database.kysely);
    list = new PostgresRevocationList({
      directUrl: server.url,
      statements: {
        run: (statement, parameters) => {
          asked += 1;
          return pool.run(statement, parameters);
        },
      },
      clock: { now: () => new Date() },
      accessTokenSeconds: 600,
      onSigningKeysChanged: () => (keysChanged += 1),
      onDataKeysChanged: () => (dataKeysChanged += 1),
    });
    await list.start();
  });
  afterEach(async () => {
    await list.stop();
    await database.close();
  });

  const run = (text: string, ...values: unknown[]) =>
    withClient(server.url, (client) => client.query(text, values));

  async function signedIn(): Promise<AccessTokenClaims> {
    const [userId, sessionId] = [randomUUID(), randomUUID()];
    await run(INSERT_USER, userId, DEFAULT_TENANT_ID);
    await run(INSERT_SESSION, sessionId, DEFAULT_TENANT_ID, userId);
    return {
      userId,
      tenantId: DEFAULT_TENANT_ID,
      sessionId,
      role: 'patient',
      epoch: 1,
      amr: ['pwd'],
      authTime: new Date(),
    };
  }

  const isRevoked = (claims: AccessTokenClaims) => list.isRevoked(claims);

  /** Whether tokens are looked up in memory, told by the database that is not asked. */
  const isUp = async (): Promise<boolean> => {
    const before = asked;
    await list.isRevoked(NOBODY).catch(() => undefined);
    const up = asked === before;
    asked = before;
    return up;
  };

  it('are known within a second, without asking the database', async () => {
    const [ended, raised, untouched] = [await signedIn(), await signedIn(), await signedIn()];
    expect(await isUp()).to.equal(true);
    expect(await isRevoked(ended)).to.equal(false);
    await Promise.all([run(END_SESSION, ended.sessionId), run(RAISE_EPOCH, raised.userId)]);
    await eventually(async () => (await isRevoked(ended)) && (await isRevoked(raised)), 1_000);
    expect(await isRevoked({ ...raised, epoch: 2 })).to.equal(false);
    expect(await isRevoked(untouched)).to.equal(false);
    expect(asked).to.equal(0);
  });

  it('are asked of the database while the feed is down, and what was missed is known when it is up again', async () => {
    const [ended, raised, untouched] = [await signedIn(), await signedIn(), await signedIn()];
    await run(KILL_FEED);
    await eventually(async () => !(await isUp()), 1_000);
    // Without a notification: as if it had been sent while nobody listened.
    await run(
      `UPDATE sessions SET ended_at = now(), end_reason = 'revoked' WHERE uuid = $1`,
      ended.sessionId,
    );
    await run('UPDATE users SET token_epoch = 2, epoch_changed_at = now() WHERE uuid = $1', raised.userId);
    await run(KILL_FEED);
    await eventually(async () => !(await isUp()), 1_000);
    const verdicts = await Promise.all([ended, raised, untouched].map(isRevoked));
    expect(verdicts).to.deep.equal([true, true, false]);
    expect(asked).to.equal(3);
    await eventually(isUp);
    expect(await Promise.all([ended, raised, untouched].map(isRevoked))).to.deep.equal([true, true, false]);
    expect(await isRevoked({ ...raised, epoch: 2 })).to.equal(false);
    expect(asked).to.equal(3);
  });

  it('cover disabled accounts and sessions that do not exist, while the feed is down', async () => {
    const [disabled, unknown] = [await signedIn(), { ...(await signedIn()), sessionId: randomUUID() }];
    await run('UPDATE users SET is_active = false WHERE uuid = $1', disabled.userId);
    await list.stop();
    expect(await isUp()).to.equal(false);
    expect(await Promise.all([disabled, unknown].map(isRevoked))).to.deep.equal([true, true]);
  });

  it('are not taken from memory once the server is frozen for half a second', async () => {
    const claims = await signedIn();
    await server.freeze();
    try {
      await setTimeout(600);
      expect(await isUp()).to.equal(false);
      expect(await isRevoked(claims).catch((error: unknown) => error)).to.be.instanceOf(Unavailable);
    } finally {
      await server.thaw();
    }
    await eventually(isUp);
    expect(await isRevoked(claims)).to.equal(false);
  });

  it('come through after a restart of the server', async () => {
    const claims = await signedIn();
    await server.restart();
    await eventually(isUp);
    await run(END_SESSION, claims.sessionId);
    await eventually(() => isRevoked(claims), 1_000);
  });

  it('come with news of signing keys, which are looked at again after each time that the feed was down', async () => {
    const before = keysChanged;
    await run(`SELECT pg_notify('casegate_signing_keys', '')`);
    await eventually(() => keysChanged === before + 1, 1_000);
    await run(KILL_FEED);
    await eventually(() => keysChanged === before + 2);
  });

  it('come with news of data keys, which are asked for anew after each time that the feed was down', async () => {
    const before = dataKeysChanged;
    await run(`SELECT pg_notify('casegate_data_keys', '')`);
    await eventually(() => dataKeysChanged === before + 1, 1_000);
    await run(KILL_FEED);
    await eventually(() => dataKeysChanged === before + 2);
  });

  it('pass over payloads that are none', async () => {
    const claims = await signedIn();
    for (const payload of ['', '{', 'null', '[]', '{"s":1}', '{"u":"x"}']) {
      await run('SELECT pg_notify($1, $2)', 'casegate_revocations', payload);
    }
    await run(END_SESSION, claims.sessionId);
    await eventually(() => isRevoked(claims), 1_000);
    expect(await isUp()).to.equal(true);
  });
});
