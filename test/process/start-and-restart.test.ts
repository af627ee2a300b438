import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { eventually } from '../support/eventually.ts';
import {
  CHEAP,
  endCasegateProcesses,
  spawnCasegate,
  startServiceProcess,
  type ServiceProcess,
} from '../support/service-process.ts';
import {
  isRunning,
  makeScratch,
  postmasterPid,
  type Scratch,
} from '../integration/embedded-postgres/scratch.ts';
import { type AnswerBody, call, login, register, submit } from './call.ts';

/** What somebody pastes into a terminal: a shell of its own, as a new terminal is. */
async function paste(line: string): Promise<AnswerBody> {
  const { stdout } = await promisify(execFile)('bash', ['-c', line]);
  return JSON.parse(stdout) as AnswerBody;
}

async function greetingOf(service: ServiceProcess): Promise<readonly string[]> {
  await eventually(() => /^curl .*\/cases .*\n/m.test(service.stdout()));
  return service.stdout().split('\n');
}

describe('The service on its embedded database', () => {
  let scratch: Scratch;
  const start = (env = {}): Promise<ServiceProcess> =>
    startServiceProcess({ DATA_DIR: scratch.dataDir, ...CHEAP, ...env });

  before(async () => {
    scratch = await makeScratch();
  });
  afterEach(endCasegateProcesses);
  after(() => scratch.remove());

  it('greets with three commands that work when pasted, each in a shell of its own', async () => {
    const service = await startServiceProcess({ DATA_DIR: scratch.dataDir });
    const lines = await greetingOf(service);
    const curls = lines.filter((line) => line.startsWith('curl '));
    expect(curls).to.have.length(3);
    const [registered, signedIn, submitted] = [
      await paste(curls[0]!),
      await paste(curls[1]!),
      await paste(curls[2]!),
    ];
    expect(registered.user?.role).to.equal('patient');
    expect(signedIn).to.include({ kind: 'signed-in' });
    expect(signedIn.user?.id).to.equal(registered.user?.id);
    expect(submitted).to.have.nested.property('case.state', 'queued');
    expect(lines).to.include(`Docs: ${service.url}/docs`);
    expect((await call(service.url, 'GET /docs')).headers.get('content-type')).to.match(/^text\/html/);
    await service.stop();
  });

  it('greets anew at each start, with an address that is not taken yet', async () => {
    const registering: AnswerBody[] = [];
    for (let round = 0; round < 2; round += 1) {
      const service = await start();
      const [line] = (await greetingOf(service)).filter((text) => text.includes('/auth/register'));
      registering.push(await paste(line!));
      await service.stop();
    }
    const emails = registering.map(({ user }) => user?.email);
    expect(new Set(emails).size).to.equal(2);
    expect(emails).not.to.include(undefined);
  });

  it('is the same when started by the command line', async () => {
    const service = await startServiceProcess({ DATA_DIR: scratch.dataDir, ...CHEAP }, 'cli.ts');
    expect((await call(service.url, 'GET /health/ready')).body).to.deep.equal({ status: 'ok' });
    const { code, stdout } = await service.stop();
    expect(code).to.equal(0);
    expect(stdout).to.contain('Register, sign in, submit a case');
  });

  it('has everything again after a restart: accounts, sessions, texts, tokens', async () => {
    const first = await start();
    const person = await register(first.url);
    const caseId = await submit(first.url, person.accessToken, 'Is surgery needed?');
    expect((await first.stop()).code).to.equal(0);
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);

    const second = await start();
    const { accessToken: token, email } = person;
    const me = await call(second.url, 'GET /auth/me', { token });
    expect(me.body.user?.email).to.equal(email);
    const read = await call(second.url, `GET /cases/${caseId}`, { token });
    expect(read.body.case?.question).to.equal('Is surgery needed?');
    const body = { refreshToken: person.refreshToken };
    expect((await call(second.url, 'POST /auth/refresh', { body })).status).to.equal(200);
    await login(second.url, email);
    await second.stop();
  });

  it('loses nothing that was answered for when it is killed, and takes over the server that stayed', async () => {
    const first = await start();
    const kept: { readonly email: string; readonly caseId: string }[] = [];
    const writers = Array.from({ length: 4 }, async () => {
      for (;;) {
        const person = await register(first.url);
        const caseId = await submit(first.url, person.accessToken, `Of ${person.email}`);
        kept.push({ email: person.email, caseId });
      }
    });
    const brokenOff = Promise.allSettled(writers);
    await eventually(() => kept.length >= 20);
    await first.kill();
    await brokenOff;
    const pid = await postmasterPid(scratch.dataDir);
    expect(isRunning(pid!)).to.equal(true);

    const second = await start();
    expect(await postmasterPid(scratch.dataDir)).to.equal(pid);
    for (const { email, caseId } of kept) {
      const { accessToken: token } = await login(second.url, email);
      const { body } = await call(second.url, `GET /cases/${caseId}`, { token });
      expect(body.case?.question).to.equal(`Of ${email}`);
    }
    await second.stop();
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);
  });

  it('lives on when the server under it is killed, and the next start has everything', async () => {
    const first = await start();
    const { accessToken: token, email } = await register(first.url);
    const pid = await postmasterPid(scratch.dataDir);
    process.kill(pid!, 'SIGKILL');
    await eventually(() => !isRunning(pid!));
    const { body, status } = await call(first.url, 'GET /auth/me', { token });
    if (status !== 200) expect([status, body.code]).to.deep.equal([503, 'request.unavailable']);
    expect((await call(first.url, 'GET /health/live')).status).to.equal(200);
    expect(await first.stop()).to.include({ code: 0, stderr: '' });

    const second = await start();
    await login(second.url, email);
    await second.stop();
  });

  it('ends in good order at Ctrl-C, which every process of the terminal gets', async () => {
    const service = await start();
    await register(service.url);
    service.signalGroup('SIGINT');
    service.signalGroup('SIGINT');
    const { code, stdout, stderr } = await service.ended;
    expect(code).to.equal(0);
    expect(stderr).to.equal('');
    expect(stdout).to.match(/"event":"stopped the server".*\n.*"msg":"stopped"\}\n$/);
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);
  });

  it('ends in good order when it is told to while it starts, and leaves no server behind', async () => {
    const starting = spawnCasegate('http.ts', [], { PORT: '0', DATA_DIR: scratch.dataDir });
    await starting.logged(({ msg }) => msg === 'database');
    starting.signal('SIGTERM');
    expect((await starting.ended).code).to.equal(0);
    expect(await postmasterPid(scratch.dataDir)).to.equal(null);
  });
});
