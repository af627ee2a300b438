import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  type Ending,
  endCasegateProcesses,
  type ProcessEnv,
  spawnCasegate,
} from '../support/service-process.ts';
import { makeScratch, postmasterPid, type Scratch } from '../integration/embedded-postgres/scratch.ts';

/** The start as an operator tries it; a start that succeeds all the same is ended after a while, and not with 1. */
async function start(env: ProcessEnv): Promise<Ending> {
  const started = spawnCasegate('http.ts', [], { PORT: '0', ...env });
  void started
    .logged(({ msg }) => msg === 'listening')
    .then(
      () => started.signal('SIGTERM'),
      () => undefined,
    );
  return started.ended;
}

/** Refused as an operator wants it: told on standard error, line by line, with 1 and without a stack. */
function expectRefusal({ code, stdout, stderr }: Ending): readonly string[] {
  expect(code, stdout + stderr).to.equal(1);
  expect(stderr).not.to.match(/^\s+at |node:internal|Node\.js v/m);
  const [first, ...lines] = stderr.trimEnd().split('\n');
  expect(first).to.equal('Casegate does not start.');
  expect(lines).not.to.be.empty;
  return lines;
}

describe('A start that must not be', () => {
  let scratch: Scratch;
  before(async () => {
    scratch = await makeScratch();
  });
  afterEach(endCasegateProcesses);
  after(() => scratch.remove());

  describe('in production', () => {
    const production = { CASEGATE_PROFILE: 'production' };
    const weakKey = Buffer.alloc(32, 7).toString('base64');
    const settingsNamed = (lines: readonly string[]): readonly string[] =>
      lines.map((line) => line.slice(0, line.indexOf(':')));

    it('names each setting that is missing, and what to set', async () => {
      const lines = expectRefusal(await start({ ...production, DATA_DIR: scratch.dataDir }));
      expect(settingsNamed(lines)).to.have.members([
        'DATABASE_URL',
        'PUBLIC_URL',
        'MASTER_KEY',
        'AUDIT_KEY',
        'SMTP_URL',
      ]);
      for (const line of lines) expect(line).to.match(/^[A-Z_]+: \S.{10,}/);
      expect(lines.join('\n')).to.contain('openssl rand -base64 32');
      expect(await postmasterPid(scratch.dataDir)).to.equal(null);
    });

    it('names each one that is unsafe, and repeats no value', async () => {
      const unsafe = {
        DATABASE_URL: 'postgres://casegate:canary-password@database.example.org/casegate',
        PUBLIC_URL: 'http://canary-host.example.org',
        MASTER_KEY: weakKey,
        AUDIT_KEY: weakKey,
        ANONYMOUS_CASES: 'on',
        EMAIL_VERIFICATION: 'optional',
        ARGON2_MEMORY_KIB: '19455',
        ARGON2_PASSES: '1',
        TRUST_PROXY: 'true',
      };
      const ending = await start({ ...production, ...unsafe });
      const lines = expectRefusal(ending);
      expect(new Set(settingsNamed(lines))).to.deep.equal(
        new Set([...Object.keys(unsafe).filter((name) => name !== 'DATABASE_URL'), 'SMTP_URL']),
      );
      for (const value of [weakKey, 'canary', '19455']) {
        expect(ending.stdout + ending.stderr).not.to.contain(value);
      }
    });
  });

  describe('in the demo', () => {
    const demo = (): ProcessEnv => ({ DATA_DIR: scratch.dataDir });

    it('names each setting that cannot be read, and repeats no value', async () => {
      const malformed = {
        PORT: 'canary-port',
        DATABASE_URL: 'mysql://canary',
        MASTER_KEY: 'canary',
        RATE_LIMITS: '{"canary":1}',
        CORS_ORIGINS: 'https://canary.example.org/path',
        LOG_LEVEL: 'canary',
        ACCESS_TOKEN_TTL: '0',
        CASEGATE_PROFILE: 'canary',
      };
      const ending = await start(malformed);
      const lines = expectRefusal(ending);
      expect(lines.map((line) => line.slice(0, line.indexOf(':')))).to.have.members(Object.keys(malformed));
      expect(ending.stdout + ending.stderr).not.to.contain('canary');
    });

    it('says which port is taken', async () => {
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const port = String((taken.address() as AddressInfo).port);
      for (const settings of [{ PORT: port }, { METRICS_PORT: port }]) {
        const lines = expectRefusal(await start({ ...demo(), ...settings }));
        expect(lines.join('\n'))
          .to.contain(Object.keys(settings)[0])
          .and.to.match(/EADDRINUSE|taken|in use/);
        expect(await postmasterPid(scratch.dataDir)).to.equal(null);
      }
      taken.close();
    });

    it('says what is wrong with the proxies to trust', async () => {
      const lines = expectRefusal(await start({ ...demo(), TRUST_PROXY: 'canary' }));
      expect(lines.join('\n'))
        .to.match(/^TRUST_PROXY: /)
        .and.not.to.contain('canary');
      expect(await postmasterPid(scratch.dataDir)).to.equal(null);
    });

    it('says that it cannot reach a database, without its password', async () => {
      const unused = createServer().listen(0, '127.0.0.1');
      await once(unused, 'listening');
      const { port } = unused.address() as AddressInfo;
      unused.close();
      const ending = await start({
        ...demo(),
        DATABASE_URL: `postgres://casegate:canary@127.0.0.1:${String(port)}/casegate`,
      });
      const lines = expectRefusal(ending);
      expect(lines.join('\n')).to.contain('ECONNREFUSED').and.to.contain('DATABASE_URL');
      expect(ending.stdout + ending.stderr).not.to.contain('canary');
    });

    it('says that a database does not answer, within a few seconds', async () => {
      const silent = createServer((socket) => void socket.resume()).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      const begun = performance.now();
      const lines = expectRefusal(
        await start({ ...demo(), DATABASE_URL: `postgres://casegate@127.0.0.1:${String(port)}/casegate` }),
      );
      expect(lines.join('\n')).to.contain('DATABASE_URL');
      expect(performance.now() - begun).to.be.lessThan(8_000);
      silent.close();
    });

    it('says that the data folder is no folder', async () => {
      const file = join(scratch.folder, 'file');
      await writeFile(file, '');
      const lines = expectRefusal(await start({ DATA_DIR: file }));
      expect(lines.join('\n')).to.contain('DATA_DIR');
    });

    it('says that a kept key may be missing, and leaves no new one in its place', async () => {
      expect((await start(demo())).code).to.equal(0);
      const key = join(scratch.dataDir, 'master.key');
      const kept = await readFile(key, 'utf8');
      await rm(key);
      expect(expectRefusal(await start(demo())).join('\n')).to.match(/master\.key.*missing/);
      expect(existsSync(key)).to.equal(false);
      await writeFile(key, kept);
      expect((await start(demo())).code).to.equal(0);
    });

    it('says that a kept key is not whole any more', async () => {
      expect((await start(demo())).code).to.equal(0);
      await writeFile(join(scratch.dataDir, 'master.key'), 'bm90IGEga2V5\n');
      const ending = await start(demo());
      expect(expectRefusal(ending).join('\n')).to.match(/master\.key.*backup/);
      expect(ending.stdout + ending.stderr).not.to.contain('bm90IGEga2V5');
      expect(await postmasterPid(scratch.dataDir)).to.equal(null);
    });
  });
});
