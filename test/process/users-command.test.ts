import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import {
  CHEAP,
  type Ending,
  endCasegateProcesses,
  newKeys,
  type ProcessEnv,
  runCommand,
  startServiceProcess,
  type ServiceProcess,
} from '../support/service-process.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import { query } from '../integration/embedded-postgres/scratch.ts';
import { call, login, newEmail, PASSWORD } from './call.ts';

const CLI = join(import.meta.dirname, '..', '..', 'src', 'main', 'cli.ts');

/** Runs a command on a pseudo-terminal of its own, by the `script` of util-linux or of macOS; what the terminal showed. */
async function onTerminal(command: readonly string[], env: ProcessEnv): Promise<string> {
  const line = [process.execPath, CLI, ...command];
  const args =
    process.platform === 'linux' ? ['-qec', line.join(' '), '/dev/null'] : ['-q', '/dev/null', ...line];
  const { stdout } = await promisify(execFile)('script', args, {
    env: { PATH: process.env['PATH'], ...env },
  });
  return stdout.replaceAll('\r\n', '\n');
}

describe('casegate users create', () => {
  let database: TestDatabase;
  let env: ProcessEnv;
  let service: ServiceProcess;
  before(async () => {
    database = await freshDatabase();
    env = { ...CHEAP, ...newKeys(), DATABASE_URL: database.url };
    service = await startServiceProcess(env);
  });
  after(async () => {
    await endCasegateProcesses();
    await database.drop();
  });

  const create = (email: string, input: string, ...more: readonly string[]): Promise<Ending> =>
    runCommand(['users', 'create', '--email', email, '--role', 'admin', ...more], env, input);

  const hasAccount = async (email: string): Promise<boolean> =>
    (await query(database.url, `SELECT FROM users WHERE email = '${email}'`)).length > 0;

  function expectRefused({ code, stdout, stderr }: Ending, reason: RegExp): void {
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr)
      .to.match(reason)
      .and.not.to.match(/^\s+at /m);
    expect(stderr.trimEnd().split('\n')).to.have.length(1);
  }

  it('makes an admin with the password from standard input, who then signs in', async () => {
    const email = newEmail();
    const { code, stdout, stderr } = await create(email, `${PASSWORD}\n`);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const { id, accessToken: token } = await login(service.url, email);
    expect(stdout).to.equal(`admin ${id} created in tenant default\n`);
    expect((await call(service.url, 'GET /users', { token })).status).to.equal(200);
    const audited = await query(
      database.url,
      `SELECT actor_kind, subject_id FROM audit_entries WHERE action = 'identity.user-created'`,
    );
    expect(audited).to.deep.include({ actor_kind: 'system', subject_id: id });
  });

  it('refuses a password that the policy does, and tells the reason, not the password', async () => {
    const email = newEmail();
    const refused = [
      ['short77', /at least 8/],
      ['password123', /common|guess/i],
      [email, /e-mail|address/i],
    ] as const;
    const endings = await Promise.all(refused.map(([password]) => create(email, password)));
    for (const [index, [password, reason]] of refused.entries()) {
      expectRefused(endings[index]!, reason);
      expect(endings[index]!.stderr).not.to.contain(password);
    }
    expect(await hasAccount(email)).to.equal(false);
  });

  it('refuses an empty standard input', async () => {
    const email = newEmail();
    const endings = await Promise.all(['', '\n'].map((input) => create(email, input)));
    for (const ending of endings) expectRefused(ending, /No password/);
    expect(await hasAccount(email)).to.equal(false);
  });

  it('refuses an address that is taken, in any case of its letters, and leaves the account as it was', async () => {
    const email = newEmail();
    expect((await create(email, PASSWORD)).code).to.equal(0);
    expectRefused(await create(email.toUpperCase(), 'another marble staircase'), /e-mail address exists/);
    await login(service.url, email);
  });

  it('refuses what is no address, and a tenant that does not exist', async () => {
    const [noAddress, noTenant] = await Promise.all([
      create('nobody', PASSWORD),
      create(newEmail(), PASSWORD, '--tenant', 'nowhere'),
    ]);
    expectRefused(noAddress, /no e-mail address/);
    expectRefused(noTenant, /tenant "nowhere"/);
  });

  it('makes up a password on a terminal, shows it once, and it works', async () => {
    const email = newEmail();
    const shown = await onTerminal(['users', 'create', '--email', email, '--role', 'admin'], env);
    const [, id = '', password = ''] =
      /^admin (\S+) created in tenant default\npassword \(shown this once\): (\S{20,})\n$/.exec(shown) ?? [];
    expect(shown.split(password)).to.have.length(2);
    expect((await login(service.url, email, password)).id).to.equal(id);
  });
});
