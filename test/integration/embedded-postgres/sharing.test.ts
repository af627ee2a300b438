import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { spawnHolder } from './holder.ts';
import { isRunning, makeScratch, postmasterPid, query, type Scratch } from './scratch.ts';

describe('the embedded PostgreSQL, shared by processes', function () {
  this.timeout(30_000);
  let scratch: Scratch;
  before(async () => {
    scratch = await makeScratch();
  });
  afterEach(() => scratch.endServer());
  after(() => scratch.remove());

  it('gives four processes that start at once on an empty folder the same server, which the last one stops', async () => {
    const holders = await Promise.all([1, 2, 3, 4].map(() => spawnHolder(scratch.dataDir)));
    expect(new Set(holders.map(({ url }) => url)).size).to.equal(1);
    await query(holders[0]?.url ?? '', 'create table shared ()');
    expect(await query(holders[3]?.url ?? '', 'select * from shared')).to.deep.equal([]);
    expect(await Promise.all(holders.map(({ leave }) => leave()))).to.deep.equal([0, 0, 0, 0]);
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);
  });

  for (const [order, firstOut] of [
    ['the one that started it', 0],
    ['the one that joined it', 1],
  ] as const) {
    it(`goes on when ${order} leaves first, and ends with the other`, async () => {
      const holders = [await spawnHolder(scratch.dataDir), await spawnHolder(scratch.dataDir)];
      const pid = await postmasterPid(scratch.dataDir);
      const [leaver, stayer] = firstOut === 0 ? holders : holders.toReversed();
      expect(await leaver?.leave()).to.equal(0);
      expect(await postmasterPid(scratch.dataDir)).to.equal(pid);
      expect(await query(stayer?.url ?? '', 'select 1 as one')).to.deep.equal([{ one: 1 }]);
      await stayer?.leave();
      expect(await postmasterPid(scratch.dataDir)).to.equal(null);
    });
  }

  it('leaves the server to a client that came by its connection string', async () => {
    const server = await startEmbeddedPostgres(scratch);
    const guest = new Client({ connectionString: server.url });
    guest.on('error', () => undefined);
    await guest.connect();
    await server.stop();
    expect((await guest.query<{ one: number }>('select 1 as one')).rows).to.deep.equal([{ one: 1 }]);
    await guest.end();
    const next = await startEmbeddedPostgres(scratch);
    expect(next.url).to.equal(server.url);
    await next.stop();
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);
  });

  it('lets a process in whenever it comes while another is stopping the server', async () => {
    let leaving = await startEmbeddedPostgres(scratch);
    for (let delay = 0; delay < 60; delay += 6) {
      const stopped = leaving.stop();
      await sleep(delay);
      const coming = await startEmbeddedPostgres(scratch);
      await stopped;
      expect(await query(coming.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
      leaving = coming;
    }
    await leaving.stop();
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);
  });

  it('still counts a process as a client after its connections were cut', async () => {
    const stayer = await startEmbeddedPostgres(scratch);
    await query(
      stayer.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    await sleep(700);
    const other = await startEmbeddedPostgres(scratch);
    await other.stop();
    const pid = (await postmasterPid(scratch.dataDir)) ?? 0;
    expect(isRunning(pid)).to.equal(true);
    await stayer.stop();
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);
  });

  it('is stopped by its last client even when its connections were cut a moment before', async () => {
    const server = await startEmbeddedPostgres(scratch);
    await query(
      server.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    await server.stop();
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);
  });
});
