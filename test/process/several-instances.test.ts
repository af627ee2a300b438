import { expect } from 'chai';
import { eventually } from '../support/eventually.ts';
import {
  CHEAP,
  endCasegateProcesses,
  newKeys,
  runCommand,
  startServiceProcess,
  type ProcessEnv,
  type ServiceProcess,
} from '../support/service-process.ts';
import { emptyDatabase, type TestDatabase } from '../support/postgres.ts';
import { query } from '../integration/embedded-postgres/scratch.ts';
import { call, login, newEmail, PASSWORD, type Person, register } from './call.ts';

const kidOf = (token: string): string => {
  const [header = ''] = token.split('.');
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid;
};

describe('Several instances on one database', () => {
  let database: TestDatabase;
  let env: ProcessEnv;
  let instances: ServiceProcess[];
  let one: ServiceProcess;
  let other: ServiceProcess;

  before(async () => {
    database = await emptyDatabase();
    env = {
      ...CHEAP,
      ...newKeys(),
      DATABASE_URL: database.url,
      PUBLIC_URL: 'https://casegate.example.org',
    };
  });
  after(async () => {
    await endCasegateProcesses();
    await database.drop();
  });

  const me = async (at: ServiceProcess, { accessToken }: Pick<Person, 'accessToken'>): Promise<number> =>
    (await call(at.url, 'GET /auth/me', { token: accessToken })).status;

  /** Milliseconds until the token no longer counts at the instance. */
  async function refusedAfter(at: ServiceProcess, person: Person): Promise<number> {
    const begun = performance.now();
    await eventually(async () => (await me(at, person)) === 401);
    return performance.now() - begun;
  }

  it('all come up when four start at once on an empty one', async function () {
    this.timeout(60_000);
    instances = await Promise.all([1, 2, 3, 4].map(() => startServiceProcess(env)));
    const ready = await Promise.all(instances.map(({ url }) => call(url, 'GET /health/ready')));
    expect(ready.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    const [rows] = await query(
      database.url,
      `SELECT (SELECT count(*)::integer FROM tenants) AS tenants, (SELECT count(*)::integer FROM installation) AS installations,
        (SELECT count(*)::integer FROM signing_keys) AS keys`,
    );
    expect(rows).to.deep.equal({ tenants: 1, installations: 1, keys: 1 });
    await Promise.all(instances.slice(2).map((instance) => instance.stop()));
    [one, other] = instances as [ServiceProcess, ServiceProcess];
  });

  it('take the tokens of each other, access and refresh', async () => {
    const person = await register(one.url);
    expect(await me(other, person)).to.equal(200);
    const refreshed = await call(other.url, 'POST /auth/refresh', {
      body: { refreshToken: person.refreshToken },
    });
    expect(refreshed.status).to.equal(200);
    expect(await me(one, { accessToken: refreshed.body.accessToken! })).to.equal(200);
  });

  it('hand one successor to two that trade the same refresh token at both', async () => {
    const { refreshToken } = await register(one.url);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        call((n % 2 ? one : other).url, 'POST /auth/refresh', { body: { refreshToken } }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).to.equal(1);
  });

  it('hear of a sign-out within a second', async () => {
    const person = await register(one.url);
    expect(await me(other, person)).to.equal(200);
    const { status } = await call(one.url, 'POST /auth/logout', { token: person.accessToken });
    expect(status).to.equal(204);
    expect(await refusedAfter(other, person)).to.be.lessThan(1_000);
    expect(await me(one, person)).to.equal(401);
    const body = { refreshToken: person.refreshToken };
    expect((await call(other.url, 'POST /auth/refresh', { body })).body.code).to.equal(
      'access.refresh-invalid',
    );
  });

  for (const [what, changes] of [
    ['a change of role', { role: 'physician' }],
    ['a deactivation', { isActive: false }],
  ] as const) {
    it(`hear of ${what} within a second`, async () => {
      const email = newEmail();
      const made = await runCommand(
        ['users', 'create', '--email', email, '--role', 'admin'],
        env,
        `${PASSWORD}\n`,
      );
      expect(made.code, made.stderr).to.equal(0);
      const admin = await login(one.url, email);
      const person = await register(one.url);
      expect(await me(other, person)).to.equal(200);
      const changed = await call(one.url, `PATCH /users/${person.id}`, {
        token: admin.accessToken,
        body: changes,
      });
      expect(changed.status).to.equal(200);
      expect(await refusedAfter(other, person)).to.be.lessThan(1_000);
      expect(await me(one, person)).to.equal(401);
      expect(await me(other, admin)).to.equal(200);
    });
  }

  it('go on signing people in while the signing key is rotated from the command line', async () => {
    const before = await register(one.url);
    const rotated = await runCommand(['keys', 'rotate'], env);
    expect(rotated.code, rotated.stderr).to.equal(0);
    const [newKid = ''] = rotated.stdout.split(' ');
    expect(newKid).not.to.equal(kidOf(before.accessToken));

    const after = await Promise.all([register(one.url), register(other.url)]);
    const known = [before, ...after];
    const seen = await Promise.all(known.flatMap((person) => [me(one, person), me(other, person)]));
    expect(seen).to.deep.equal(known.flatMap(() => [200, 200]));

    for (const { url } of [one, other]) {
      await eventually(async () => kidOf((await register(url)).accessToken) === newKid);
      const { body } = await call(url, 'GET /.well-known/jwks.json');
      const kids = body.keys?.map(({ kid }) => kid);
      expect(kids).to.have.members([newKid, kidOf(before.accessToken)]);
    }
    const audited = await query(
      database.url,
      `SELECT actor_kind FROM audit_entries WHERE action = 'access.signing-keys-rotated'`,
    );
    expect(audited).to.deep.equal([{ actor_kind: 'system' }]);
  });

  it('refuse one more with another MASTER_KEY or AUDIT_KEY, in one line that says which', async () => {
    for (const name of ['MASTER_KEY', 'AUDIT_KEY'] as const) {
      const wrong = { ...env, PORT: '0', [name]: newKeys()[name] };
      const { code, stderr, stdout } = await runCommand(['serve'], wrong);
      expect(code).to.equal(1);
      expect(stderr).to.match(
        new RegExp(
          `^Casegate does not start\\.\\n${name} (does not open|is not the key of) this database: .*\\n$`,
        ),
      );
      for (const value of [wrong['MASTER_KEY'], wrong['AUDIT_KEY']]) {
        expect(stdout + stderr).not.to.contain(value);
      }
    }
    expect((await call(one.url, 'GET /health/ready')).status).to.equal(200);
  });
});
