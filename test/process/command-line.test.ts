import { expect } from 'chai';
import {
  CHEAP,
  endCasegateProcesses,
  runCommand,
  startServiceProcess,
  type ServiceProcess,
} from '../support/service-process.ts';
import { makeScratch, postmasterPid, type Scratch } from '../integration/embedded-postgres/scratch.ts';
import { call, login, newEmail, PASSWORD } from './call.ts';

const COMMANDS = [
  [],
  ['serve'],
  ['worker'],
  ['migrate'],
  ['migrate', 'plan'],
  ['migrate', 'up'],
  ['migrate', 'down'],
  ['migrate', 'status'],
  ['users'],
  ['users', 'create'],
  ['keys'],
  ['keys', 'list'],
  ['keys', 'rotate'],
  ['keys', 'rotate-data'],
  ['doctor'],
];

const WRONG_USAGE = [
  [],
  ['bogus'],
  ['--bogus'],
  ['serve', '--bogus'],
  ['serve', 'surplus'],
  ['worker', '--bogus'],
  ['worker', 'surplus'],
  ['migrate', 'bogus'],
  ['migrate', 'down', '--steps', '0'],
  ['migrate', 'down', '--steps', '1', '--all'],
  ['users', 'create'],
  ['users', 'create', '--email', 'a@example.org'],
  ['users', 'create', '--email', 'a@example.org', '--role', 'bogus'],
  ['keys', 'list', '--bogus'],
  ['keys', 'rotate-data', 'surplus'],
  ['doctor', 'surplus'],
];

/** A few at a time: starting Node is most of the work. */
async function eachOf<Item>(items: readonly Item[], check: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await check(item);
  };
  await Promise.all([worker(), worker(), worker()]);
}

describe('The command line', () => {
  afterEach(endCasegateProcesses);

  it('explains each command with --help', async () => {
    await eachOf(COMMANDS, async (command) => {
      const { code, stdout, stderr } = await runCommand([...command, '--help']);
      expect({ command, code, stderr }).to.deep.equal({ command, code: 0, stderr: '' });
      expect(stdout).to.match(new RegExp(`^Usage: ${['casegate', ...command].join(' ')} `));
    });
  });

  it('answers wrong usage with 2, on standard error, and says where help is', async () => {
    await eachOf(WRONG_USAGE, async (command) => {
      const { code, stdout, stderr } = await runCommand(command);
      expect({ command, code, stdout }).to.deep.equal({ command, code: 2, stdout: '' });
      expect(stderr, command.join(' '))
        .to.match(/--help/)
        .and.not.to.match(/^\s+at /m);
    });
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
  });
});
