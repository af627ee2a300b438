import { expect } from 'chai';
import { eventually } from '../support/eventually.ts';
import { withClient } from '../support/legacy-service.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  CHEAP,
  endCasegateProcesses,
  newKeys,
  type ProcessEnv,
  runCommand,
  startServiceProcess,
} from '../support/service-process.ts';
import { register } from './call.ts';

const SEALED = /^audit trail sealed up to (\d+:[0-9a-f]{64})$/;
const HEAD = /^head (\d+:[0-9a-f]{64})$/m;

describe('casegate audit verify', () => {
  let database: TestDatabase;
  let env: ProcessEnv;
  /** The head that was printed. */
  let noted = '';
  before(async () => {
    database = await freshDatabase();
    env = { ...CHEAP, ...newKeys(), DATABASE_URL: database.url };
  });
  after(async () => {
    await endCasegateProcesses();
    await database.drop();
  });

  const verify = (...args: readonly string[]) => runCommand(['audit', 'verify', ...args], env);

  const rows = (text: string): Promise<readonly Record<string, string>[]> =>
    withClient(database.url, async (client) => (await client.query<Record<string, string>>(text)).rows);

  it('finds nothing wrong before the service has sealed anything, and seals nothing itself', async () => {
    const made = await runCommand(
      ['users', 'create', '--email', 'admin@example.org', '--role', 'admin'],
      env,
      'quiet marble staircase\n',
    );
    expect(made.code, made.stderr).to.equal(0);
    const { code, stdout } = await verify();
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /^1 entries, 0 seals, 1 entries not sealed yet\nhead none: nothing is sealed.*\nintact\n$/,
    );
    expect(await rows('SELECT number FROM audit_seals')).to.deep.equal([]);
  });

  it('finds the trail intact that the service has sealed, and prints its head', async () => {
    const service = await startServiceProcess({ ...env, PORT: '0' });
    await register(service.url);
    await eventually(
      async () =>
        (await rows('SELECT 1 FROM audit_entries WHERE uuid NOT IN (SELECT entry_uuid FROM audit_links)'))
          .length === 0,
    );
    const told = await service.logged(({ event }) => SEALED.test(String(event)));
    await service.stop();
    const [, logged = ''] = SEALED.exec(String(told['event'])) ?? [];
    const { code, stderr, stdout } = await verify('--head', logged);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^\d+ entries, [1-9]\d* seals, 0 entries not sealed yet$/m);
    expect(stdout).to.match(/^intact$/m);
    [, noted = ''] = HEAD.exec(stdout) ?? [];
    expect(noted).not.to.equal('');
  });

  it('names each wrong row, and answers 1', async () => {
    const [changed, removed] = await rows('SELECT uuid FROM audit_entries ORDER BY uuid LIMIT 2');
    await withClient(database.url, async (client) => {
      await client.query('ALTER TABLE audit_entries DISABLE TRIGGER ALL');
      await client.query(`UPDATE audit_entries SET action = 'test.done' WHERE uuid = $1`, [changed!['uuid']]);
      await client.query('DELETE FROM audit_entries WHERE uuid = $1', [removed!['uuid']]);
    });
    const { code, stderr, stdout } = await verify('--head', noted);
    expect(code).to.equal(1);
    expect(stderr).to.match(/^2 found wrong\.$/m);
    const wrong = stdout.split('\n').filter((line) => line.startsWith('WRONG'));
    expect(wrong).to.have.length(2);
    expect(stdout).to.contain(`WRONG entry ${changed!['uuid']!} was changed`);
    expect(stdout).to.match(new RegExp(`^WRONG entry ${removed!['uuid']!}, .* was removed$`, 'm'));
    expect(stdout).not.to.contain('intact');
  });

  it('answers 1 where a head that was noted is not there, and 2 where what it is given is none', async () => {
    const [foreign, unknown] = await Promise.all([
      verify('--head', `1:${'0'.repeat(64)}`),
      verify('--head', 'latest'),
    ]);
    expect(foreign.code).to.equal(1);
    expect(foreign.stdout).to.match(/^WRONG head 1, as it was noted, is not in the chain/m);
    expect(unknown).to.include({ code: 2, stdout: '' });
    expect(unknown.stderr).to.match(/head/);
  });

  it('answers 1 where nothing is sealed though it should be long ago', async () => {
    await withClient(database.url, (client) =>
      client.query(`
        ALTER TABLE audit_links DISABLE TRIGGER ALL;
        ALTER TABLE audit_seals DISABLE TRIGGER ALL;
        TRUNCATE audit_links, audit_seals;
        UPDATE audit_head SET number = 0, mac = NULL;
        UPDATE audit_entries SET at = at - interval '11 minutes';
      `),
    );
    const { code, stdout } = await verify();
    expect(code).to.equal(1);
    expect(stdout).to.match(/^WRONG chain missing: nothing is sealed, .* No service has sealed yet, or /m);
    expect(stdout).to.match(/^head none: nothing is sealed/m);
  });
});
