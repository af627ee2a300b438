import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { eventually } from '../../support/eventually.ts';
import { expectFailure } from './expect-failure.ts';
import { spawnHolder } from './holder.ts';
import { clusterOf, isRunning, makeScratch, postmasterPid, query, type Scratch } from './scratch.ts';

describe('the embedded PostgreSQL, when a process is killed or frozen', function () {
  this.timeout(30_000);
  let scratch: Scratch;
  before(async () => {
    scratch = await makeScratch();
  });
  afterEach(() => scratch.endServer());
  after(() => scratch.remove());

  /** Starts, writes a row, and kills the server so that its `postmaster.pid` stays. */
  async function crashWithData(): Promise<number> {
    const server = await startEmbeddedPostgres(scratch);
    await keepARow(server.url);
    const pid = (await postmasterPid(scratch.dataDir)) ?? 0;
    process.kill(pid, 'SIGKILL');
    await eventually(() => !isRunning(pid));
    await server.stop();
    return pid;
  }

  async function keepARow(url: string): Promise<void> {
    await query(url, 'create table kept as select 42 as answer');
  }

  async function expectDataIntact(): Promise<void> {
    const server = await startEmbeddedPostgres(scratch);
    expect(await query(server.url, 'select answer from kept')).to.deep.equal([{ answer: 42 }]);
    await query(server.url, 'drop table kept');
    await server.stop();
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);
  }

  it('is taken over with its data after its process was killed', async () => {
    const owner = await spawnHolder(scratch.dataDir);
    await keepARow(owner.url);
    const pid = await postmasterPid(scratch.dataDir);
    await owner.kill();
    const next = await startEmbeddedPostgres(scratch);
    expect(await postmasterPid(scratch.dataDir)).to.equal(pid);
    await next.stop();
    await expectDataIntact();
  });

  it('outlives Ctrl-C in the terminal of the process that started it', async () => {
    const owner = await spawnHolder(scratch.dataDir);
    const pid = (await postmasterPid(scratch.dataDir)) ?? 0;
    const ended = once(owner.process, 'exit');
    process.kill(-(owner.process.pid ?? 0), 'SIGINT');
    await ended;
    expect(isRunning(pid)).to.equal(true);
    const next = await startEmbeddedPostgres(scratch);
    expect(await postmasterPid(scratch.dataDir)).to.equal(pid);
    await next.stop();
  });

  it('recovers after the server itself was killed', async () => {
    await crashWithData();
    await expectDataIntact();
  });

  it('starts where a killed server left its traces and another program now has its process id', async () => {
    const pid = await crashWithData();
    const other = spawn('sleep', ['30']);
    const file = join(await clusterOf(scratch.dataDir), 'postmaster.pid');
    const traces = (await readFile(file, 'utf8')).replace(String(pid), String(other.pid));
    await writeFile(file, traces);
    await expectDataIntact();
    expect(other.exitCode ?? other.signalCode).to.equal(null);
    other.kill();
  });

  it('is started once by four processes after everything was killed', async () => {
    await crashWithData();
    await writeFile(join(scratch.dataDir, 'postgres-start.lock'), '999999999\n\n1\nleft behind');
    const holders = await Promise.all([1, 2, 3, 4].map(() => spawnHolder(scratch.dataDir)));
    expect(new Set(holders.map(({ url }) => url)).size).to.equal(1);
    await Promise.all(holders.map(({ leave }) => leave()));
    await expectDataIntact();
  });

  it('starts where the traces of a killed server are empty', async () => {
    await crashWithData();
    await writeFile(join(await clusterOf(scratch.dataDir), 'postmaster.pid'), '');
    await expectDataIntact();
  });

  it('gives up in time on a server that is frozen, and says what it waited for', async () => {
    const owner = await spawnHolder(scratch.dataDir);
    const pid = (await postmasterPid(scratch.dataDir)) ?? 0;
    process.kill(pid, 'SIGSTOP');
    const begun = performance.now();
    const error = await expectFailure(scratch.dataDir, 700);
    expect(performance.now() - begun).to.be.lessThan(2_500);
    expect(error.message).to.match(/not ready in time: it does not let anybody in yet/);
    process.kill(pid, 'SIGCONT');
    expect(await owner.leave()).to.equal(0);
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);
  });
});
