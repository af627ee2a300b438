import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { clusterOf, exists, isRunning, makeScratch, postmasterPid, query, type Scratch } from './scratch.ts';

describe('the embedded PostgreSQL, started and stopped', function () {
  this.timeout(30_000);
  let scratch: Scratch;
  before(async () => {
    scratch = await makeScratch();
  });
  afterEach(() => scratch.endServer());
  after(() => scratch.remove());

  it('makes a database at the first start, and tells of its steps without the password', async () => {
    const events: string[] = [];
    const server = await startEmbeddedPostgres({ ...scratch, onEvent: (event) => events.push(event) });
    await server.stop();
    expect(events).to.deep.equal(['made a new database cluster', 'started the server', 'stopped the server']);
  });

  it('makes a database in UTF-8 and UTC that order texts the same on every machine, and syncs to disk', async () => {
    const server = await startEmbeddedPostgres(scratch);
    const [settings] = await query(
      server.url,
      `select current_user as "user", current_database() as "database", current_setting('server_encoding') as encoding,
              current_setting('TimeZone') as zone, current_setting('fsync') as fsync,
              current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
              current_setting('password_encryption') as passwords, datlocprovider as provider, datlocale as locale
       from pg_database where datname = current_database()`,
    );
    await server.stop();
    expect(settings).to.deep.equal({
      user: 'casegate',
      database: 'casegate',
      encoding: 'UTF8',
      zone: 'UTC',
      fsync: 'on',
      addresses: '127.0.0.1',
      sockets: '',
      passwords: 'scram-sha-256',
      provider: 'b',
      locale: 'C.UTF-8',
    });
  });

  it('closes what it keeps in the data folder to everyone else', async () => {
    const server = await startEmbeddedPostgres(scratch);
    await server.stop();
    const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
    expect(await modeOf(join(scratch.dataDir, 'postgres-password'))).to.equal(0o600);
    expect(await modeOf(join(scratch.dataDir, 'postgres.log'))).to.equal(0o600);
    expect(await modeOf(await clusterOf(scratch.dataDir))).to.equal(0o700);
    expect((await modeOf(scratch.dataDir)) & 0o067).to.equal(0);
  });

  it('refuses a wrong password', async () => {
    const server = await startEmbeddedPostgres(scratch);
    const wrong = server.url.replace(/:[^:@]+@/, ':guessed@');
    const refusal: unknown = await query(wrong, 'select 1').catch((error: unknown) => error);
    await server.stop();
    expect(refusal).to.include({ code: '28P01' });
  });

  it('keeps the data and the port when it is stopped and started again', async () => {
    const first = await startEmbeddedPostgres(scratch);
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await startEmbeddedPostgres(scratch);
    expect(await query(second.url, 'select answer from kept')).to.deep.equal([{ answer: 42 }]);
    expect(second.url).to.equal(first.url);
    await second.stop();
  });

  it('leaves no process behind after the stop, which may be called again', async () => {
    const server = await startEmbeddedPostgres(scratch);
    const pid = (await postmasterPid(scratch.dataDir)) ?? 0;
    expect(isRunning(pid)).to.equal(true);
    await Promise.all([server.stop(), server.stop()]);
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);
    await server.stop();
    expect(await exists(join(scratch.dataDir, 'postgres-start.lock'))).to.equal(false);
  });

  it('takes another port when a program has taken the one it had', async () => {
    const first = await startEmbeddedPostgres(scratch);
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(squatter, 'listening');
    const second = await startEmbeddedPostgres(scratch);
    expect(new URL(second.url).port).not.to.equal(new URL(first.url).port);
    expect(await query(second.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
    await second.stop();
    squatter.close();
  });

  it('writes no value of a failed statement to its log', async () => {
    const server = await startEmbeddedPostgres(scratch);
    await query(server.url, 'create table people (email text primary key)');
    await query(server.url, `insert into people values ('canary@example.org')`);
    for (const text of [
      `insert into people values ('canary@example.org')`,
      `select 'canary@example.org'::uuid`,
    ]) {
      const refusal: unknown = await query(server.url, text).catch((error: unknown) => error);
      expect(refusal).to.be.an('error');
    }
    await server.stop();
    expect(await readFile(join(scratch.dataDir, 'postgres.log'), 'utf8')).not.to.include('canary');
  });
});
