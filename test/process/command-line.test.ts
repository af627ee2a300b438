import { expect } from 'chai';
import {
  CHEAP,
  endCasegateProcesses,
  runCommand,
  spawnCasegate,
  startServiceProcess,
  type ServiceProcess,
} from '../support/service-process.ts';
import { makeScratch, postmasterPid, type Scratch } from '../integration/embedded-postgres/scratch.ts';
import { call, login, newEmail, PASSWORD } from './call.ts';

describe('The command line', () => {
  afterEach(endCasegateProcesses);

  it('explains itself, and answers wrong usage with 2, on standard error', async () => {
    const help = await runCommand(['keys', 'rotate', '--help']);
    expect(help).to.deep.include({ code: 0, stderr: '' });
    expect(help.stdout).to.match(/^Usage: casegate keys rotate /);
    const { code, stdout, stderr } = await runCommand(['keys', 'bogus']);
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.match(/--help/);
  });

  it('tells its version', async () => {
    const { code, stdout } = await runCommand(['--version']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it('answers settings that cannot be read with 1, without a stack', async () => {
    for (const command of ['migrate status', 'keys list']) {
      const { code, stderr } = await runCommand(command.split(' '), { PORT: 'canary' });
      expect(code).to.equal(1);
      expect(stderr)
        .to.match(/^PORT: must be /)
        .and.not.to.match(/canary|^\s+at /m);
    }
  });

  describe('beside a service that runs on its embedded database', () => {
    let scratch: Scratch;
    let service: ServiceProcess;
    before(async () => {
      scratch = await makeScratch();
    });
    after(() => scratch.remove());

    it('joins that one, and leaves it running', async () => {
      const env = { ...CHEAP, DATA_DIR: scratch.dataDir };
      service = await startServiceProcess(env);
      const pid = await postmasterPid(scratch.dataDir);
      const email = newEmail();
      const ran = [
        await runCommand(['users', 'create', '--email', email, '--role', 'admin'], env, PASSWORD),
        await runCommand(['migrate', 'status'], env),
        await runCommand(['doctor'], env),
      ];
      expect(ran.map(({ code, stderr }) => ({ code, stderr }))).to.deep.equal(
        ran.map(() => ({ code: 0, stderr: '' })),
      );
      expect(await postmasterPid(scratch.dataDir)).to.equal(pid);
      const { accessToken: token } = await login(service.url, email);
      expect((await call(service.url, 'GET /users', { token })).status).to.equal(200);
      expect((await service.stop()).code).to.equal(0);
      expect(await postmasterPid(scratch.dataDir)).to.equal(null);
    });

    it('starts the database for itself where nothing runs, and stops it again', async () => {
      const { code, stdout } = await runCommand(['keys', 'list'], { DATA_DIR: scratch.dataDir });
      expect(code).to.equal(0);
      expect(stdout).to.match(/^\S+ {2}EdDSA {2}made \S+ {2}signs\n$/);
      expect(await postmasterPid(scratch.dataDir)).to.equal(null);
    });

    it('ends as it would, and its database with it, where nobody reads what it prints', async () => {
      for (const command of ['audit verify', 'keys rotate-data']) {
        const ran = spawnCasegate('cli.ts', command.split(' '), { DATA_DIR: scratch.dataDir });
        ran.stopReading();
        const { code, signal } = await ran.ended;
        expect({ command, code, signal }).to.deep.equal({ command, code: 0, signal: null });
        expect(await postmasterPid(scratch.dataDir), command).to.equal(null);
      }
    });
  });
});
