import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { prepareBinaries } from '../../../src/adapters/embedded-postgres/binaries.ts';
import { EmbeddedPostgresFailed } from '../../../src/adapters/embedded-postgres/embedded-postgres-failed.ts';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { expectFailure } from './expect-failure.ts';
import { clusterOf, makeScratch, postmasterPid, type Scratch } from './scratch.ts';

describe('the embedded PostgreSQL, where it cannot start', function () {
  this.timeout(30_000);
  const scratches: Scratch[] = [];
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await makeScratch();
    scratches.push(scratch);
  });
  afterEach(() => scratch.endServer());
  after(async () => {
    for (const each of scratches) await each.remove();
  });

  it('gives up in time when there is next to none', async () => {
    const begun = performance.now();
    expect((await expectFailure(scratch.dataDir, 1)).message).to.match(/in time|initdb/);
    expect(performance.now() - begun).to.be.lessThan(1_000);
  });

  it('shows the end of the log when the server cannot start', async () => {
    await (await startEmbeddedPostgres(scratch)).stop();
    await rm(join(await clusterOf(scratch.dataDir), 'global', 'pg_control'));
    const { message } = await expectFailure(scratch.dataDir);
    expect(message).to.match(/PostgreSQL ended while starting/);
    expect(message).to.match(/postgres\.log ends with:\n.*could not (find|open)/s);
  });

  it('says what to do when the password is lost, or is another', async () => {
    await (await startEmbeddedPostgres(scratch)).stop();
    const file = join(scratch.dataDir, 'postgres-password');
    await rename(file, `${file}.away`);
    expect((await expectFailure(scratch.dataDir)).message).to.match(/password file .* is gone\. Restore/);
    await writeFile(file, 'another');
    expect((await expectFailure(scratch.dataDir)).message).to.match(/refuses the password .* Restore/s);
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);
  });

  it('refuses a folder that is no database, and a database of another version', async () => {
    const cluster = join(scratch.dataDir, 'postgres');
    await mkdir(cluster, { recursive: true });
    await writeFile(join(cluster, 'notes.txt'), 'mine');
    expect((await expectFailure(scratch.dataDir)).message).to.match(
      /exists but is no PostgreSQL database\. Move it away/,
    );
    await writeFile(join(cluster, 'PG_VERSION'), '9\n');
    expect((await expectFailure(scratch.dataDir)).message).to.match(
      /made by PostgreSQL 9, but the installed one is \d+/,
    );
  });

  it('refuses a data folder that is a file', async () => {
    await writeFile(scratch.dataDir, '');
    expect((await expectFailure(scratch.dataDir)).message).to.match(
      /could not be started \(E.*use another DATA_DIR/,
    );
  });

  it('says to set DATABASE_URL on a platform without it', async () => {
    const outcome: unknown = await prepareBinaries(null, scratch.folder, 'amiga-m68k').catch(
      (error: unknown) => error,
    );
    expect(outcome).to.be.instanceOf(EmbeddedPostgresFailed);
    expect(String(outcome)).to.match(/amiga-m68k\) is not installed.*DATABASE_URL/);
  });
});
