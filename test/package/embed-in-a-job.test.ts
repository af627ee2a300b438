import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { makeScratch, type Scratch } from '../integration/embedded-postgres/scratch.ts';
import { openGuide, type Guide } from './guide.ts';
import { installedPackageSuite } from './installed-package-suite.ts';
import { packed } from './packed.ts';
import { developerEnvironment, type Outcome, run } from './run.ts';

/** The figures of the job's last line. */
function figuresOf({
  stdout,
}: Pick<Outcome, 'stdout'>): Record<'registered' | 'present' | 'refused', number> {
  const found = /^(\d+) registered, (\d+) there already, (\d+) refused$/m.exec(stdout);
  expect(found, stdout).to.not.equal(null);
  const [registered = NaN, present = NaN, refused = NaN] = found!.slice(1).map(Number);
  return { registered, present, refused };
}

describe('The package, installed as docs/embed-in-a-job.md says', function () {
  this.timeout(240_000);
  let scratch: Scratch;
  let environment: Record<string, string>;
  let guide: Guide;

  before(async () => {
    await packed();
    scratch = await makeScratch();
    environment = { DATA_DIR: scratch.dataDir };
    guide = await openGuide('embed-in-a-job.md', scratch.folder, environment);
    const installed = await guide.follow('npm init');
    expect(installed.code, installed.stderr).to.equal(0);
    const made = await guide.follow('node make-people.mjs');
    expect(made.code, made.stderr).to.equal(0);
  });

  after(() => scratch.remove());

  const people = async (): Promise<readonly string[]> =>
    (await readFile(join(scratch.folder, 'people.jsonl'), 'utf8')).trim().split('\n');

  /** Runs the job and interrupts it as Ctrl-C does, once it has begun to register. */
  async function interrupted(): Promise<Outcome> {
    const child = spawn(process.execPath, ['register-people.mjs', 'people.jsonl'], {
      cwd: scratch.folder,
      env: developerEnvironment(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.once('data', () => child.kill('SIGINT'));
    const closed = once(child, 'close') as Promise<[number | null]>;
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { code, stdout, stderr };
  }

  installedPackageSuite(() => scratch);

  it('registers two hundred people with a progress bar, going on where it was interrupted', async () => {
    expect(await people()).to.have.length(200);
    const first = await interrupted();
    expect(first.code, first.stderr).to.equal(1);
    const before = figuresOf(first);
    expect(before.registered).to.be.within(1, 199);

    const second = await guide.follow('node register-people.mjs');
    expect(second.code, second.stderr).to.equal(0);
    expect(second.stderr).to.match(/^Registering \S+ \d+\/200$/m);
    expect(second.stderr).to.match(/^Registering \S+ 200\/200$/m);
    expect(figuresOf(second)).to.deep.equal({
      registered: 200 - before.registered,
      present: before.registered,
      refused: 0,
    });
  });

  it('finds all of them in the database afterwards, each once', async () => {
    const { code, stdout, stderr } = await guide.follow('node list-people.mjs');
    expect(code, stderr).to.equal(0);
    const listed = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ').slice(1).join(' '));
    const expected = (await people())
      .map((line) => JSON.parse(line) as { readonly email: string; readonly language: string })
      .map(({ email, language }) => `patient ${language} ${email}`);
    expect(listed).to.have.length(200);
    expect(listed).to.have.members(expected);
  });

  it('names the lines that were refused, with the reason, and registers the others', async () => {
    const [known = ''] = await people();
    const lines = [
      known,
      '{"email":"new@example.org","password":"short"}',
      'not JSON',
      '{"email":"no address","password":"correct horse battery staple"}',
      '{"email":"new@example.org","password":"correct horse battery staple"}',
    ];
    await writeFile(join(scratch.folder, 'more.jsonl'), lines.join('\n'));
    const outcome = await run('node register-people.mjs more.jsonl', scratch.folder, environment);
    expect(outcome.code, outcome.stderr).to.equal(1);
    expect(figuresOf(outcome)).to.deep.equal({ registered: 1, present: 1, refused: 3 });
    expect(outcome.stderr).to.match(/^line 2: The password is too short/m);
    expect(outcome.stderr)
      .to.match(/^line 3: /m)
      .and.to.match(/^line 4: /m);
  });
});
