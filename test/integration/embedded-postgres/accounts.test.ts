import { chmod, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { isRoot, unprivilegedUser } from '../../../src/adapters/embedded-postgres/os-user.ts';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { expectFailure } from './expect-failure.ts';
import { spawnHolder } from './holder.ts';
import { clusterOf, exists, makeScratch, postmasterPid, query, type Scratch } from './scratch.ts';
import { makeTree, type Tree } from './tree.ts';

describe('the embedded PostgreSQL, by the account that it runs under', function () {
  this.timeout(40_000);
  const scratches: Scratch[] = [];
  let tree: Tree;
  let treeFolder: string;

  /** All are removed at the end only: file systems are slow at making many files where many were just removed. */
  async function newScratch(mode?: number): Promise<Scratch> {
    const scratch = await makeScratch(mode);
    scratches.push(scratch);
    return scratch;
  }

  before(async () => {
    treeFolder = (await newScratch(0o755)).folder;
    tree = await makeTree(treeFolder);
  });
  afterEach(async () => {
    for (const scratch of scratches) await scratch.endServer();
  });
  after(async () => {
    for (const scratch of scratches) await scratch.remove();
  });

  it('runs for an ordinary user from a read-only installation whose install scripts were blocked', async () => {
    const scratch = await newScratch(0o777);
    const account = isRoot() ? await unprivilegedUser() : {};
    await chmod(join(tree.native, 'lib'), 0o555);
    try {
      const holder = await spawnHolder(scratch.dataDir, { ...tree, ...account });
      expect(await query(holder.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
      expect(await holder.leave()).to.equal(0);
    } finally {
      await chmod(join(tree.native, 'lib'), 0o755);
    }
    expect((await stat(scratch.dataDir)).mode & 0o777).to.equal(0o700);
    expect((await readdir(scratch.dataDir)).some((name) => name.startsWith('bin-'))).to.equal(true);
  });

  it('completes the links of an installation whose install scripts were blocked', async () => {
    expect(await exists(join(tree.native, 'lib', 'libpq.so.5'))).to.equal(false);
    const holder = await spawnHolder((await newScratch()).dataDir, tree);
    expect(await holder.leave()).to.equal(0);
    expect(await exists(join(tree.native, 'lib', 'libpq.so.5'))).to.equal(true);
  });

  if (isRoot()) {
    it('runs under an unprivileged account in the data folder when root starts it, and never as root', async () => {
      const scratch = await newScratch();
      const server = await startEmbeddedPostgres(scratch);
      const { uid } = await unprivilegedUser();
      expect((await stat(`/proc/${String(await postmasterPid(scratch.dataDir))}`)).uid).to.equal(uid);
      expect(await clusterOf(scratch.dataDir)).to.equal(join(scratch.dataDir, 'postgres'));
      expect((await stat(join(scratch.dataDir, 'postgres'))).uid).to.equal(uid);
      expect((await stat(join(scratch.dataDir, 'postgres-password'))).uid).to.equal(0);
      await server.stop();
    });

    it('keeps its database in a system folder when root starts it below a folder closed to others', async () => {
      const scratch = await newScratch(0o700);
      const first = await startEmbeddedPostgres(scratch);
      await query(first.url, 'create table kept as select 42 as answer');
      await first.stop();
      const cluster = await clusterOf(scratch.dataDir);
      expect(cluster).to.match(/^\/var\/lib\/casegate\/[0-9a-f]{32}\/postgres$/);
      const second = await startEmbeddedPostgres(scratch);
      expect(await query(second.url, 'select answer from kept')).to.deep.equal([{ answer: 42 }]);
      await second.stop();
      await rm(join(cluster, '..'), { recursive: true });
      expect((await expectFailure(scratch.dataDir)).message).to.match(/there is no such folder\. Restore it/);
    });

    it('begins afresh when the data folder was removed', async () => {
      const scratch = await newScratch(0o700);
      const first = await startEmbeddedPostgres(scratch);
      await query(first.url, 'create table kept as select 42 as answer');
      await first.stop();
      await rm(join(await clusterOf(scratch.dataDir), '..'), { recursive: true });
      await rm(scratch.dataDir, { recursive: true });
      const second = await startEmbeddedPostgres(scratch);
      expect(await query(second.url, `select to_regclass('kept') as kept`)).to.deep.equal([{ kept: null }]);
      await second.stop();
    });

    it('gives four processes of root one server below a folder closed to others, from a closed installation', async () => {
      const scratch = await newScratch(0o700);
      await chmod(treeFolder, 0o700);
      const had = await systemCopies();
      const holders = await Promise.all([1, 2, 3, 4].map(() => spawnHolder(scratch.dataDir, tree)));
      expect(new Set(holders.map(({ url }) => url)).size).to.equal(1);
      await Promise.all(holders.map(({ leave }) => leave()));
      expect(await postmasterPid(scratch.dataDir)).to.equal(null);
      const made = (await systemCopies()).filter((path) => !had.includes(path));
      for (const path of made) await rm(path, { recursive: true });
      await chmod(treeFolder, 0o755);
    });

    it('serves an ordinary user and root alike, under the account that the database belongs to', async () => {
      const scratch = await newScratch(0o777);
      const account = (await readFile('/etc/passwd', 'utf8'))
        .split('\n')
        .find((line) => line.startsWith('daemon:'));
      const [, , uid, gid] = (account ?? '').split(':').map(Number);
      const asUser = { ...tree, uid: uid ?? 0, gid: gid ?? 0 };
      expect(await (await spawnHolder(scratch.dataDir, asUser)).leave()).to.equal(0);
      const asRoot = await startEmbeddedPostgres(scratch);
      expect((await stat(`/proc/${String(await postmasterPid(scratch.dataDir))}`)).uid).to.equal(uid);
      await asRoot.stop();
      expect(await (await spawnHolder(scratch.dataDir, asUser)).leave()).to.equal(0);
    });
  }
});

async function systemCopies(): Promise<string[]> {
  const folder = '/var/lib/casegate';
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.startsWith('bin-')).map((name) => join(folder, name));
}
