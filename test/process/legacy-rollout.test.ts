import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { readConfig } from '../../src/main/config/config.ts';
import { eventually } from '../support/eventually.ts';
import { legacyChecksum } from '../support/legacy-checksum.ts';
import { type LegacyDatabase, type LegacyPerson, makeLegacyDatabase } from '../support/legacy-database.ts';
import { legacyDefinition } from '../support/legacy-definition.ts';
import { LegacyWriter, withClient } from '../support/legacy-service.ts';
import { usualInstallation } from '../support/legacy/usual-installation.ts';
import { emptyDatabase, type TestDatabase } from '../support/postgres.ts';
import { blocksOf, type BookStep, outputPattern, stepsOf } from '../support/run-book.ts';
import {
  CHEAP,
  endCasegateProcesses,
  newKeys,
  runCommand,
  type ServiceProcess,
  startServiceProcess,
} from '../support/service-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { login, PASSWORD } from './call.ts';

const ROOT = join(import.meta.dirname, '../..');
const STEPS = stepsOf(blocksOf(readFileSync(join(ROOT, 'docs/legacy-rollout.md'), 'utf8')));
/** What the page prints once and takes up again. */
const NAMES = ['RUN', 'CASE'] as const;
const ADMIN = 'admin@example.org';
/** Somebody whose requests come while the page is followed: of the vendor as which LegacyWriter writes. */
const LATE = { email: 'late@example.org', vendor_id: 'live', legacy_user_id: 'u-late' };

type Cells = Readonly<Record<string, string | null>>;

/** The people of the database as rows of a file; `account` is the address of the account that each has. */
const rowsOf = (people: readonly LegacyPerson[]): readonly Cells[] => [
  ...people.map((person) => ({
    email: accountOf(person),
    role: 'patient',
    language: 'en',
    vendor_id: person.vendorId,
    user_identifier: person.identifier,
    legacy_user_id: person.userId,
  })),
  LATE,
];

/** Of those who share an identifier one has its address. */
const accountOf = ({ contact, isShared, byIdentifier, userId }: LegacyPerson): string =>
  contact !== null && !isShared ? contact : `of-${userId ?? byIdentifier[0] ?? ''}@imported.example`;

/** What an operator puts where the page has `…`: by the name of the setting, or a word. */
const STAND_INS: Readonly<Record<string, string>> = {
  ...newKeys(),
  LEGACY_SESSION_SECRETS: usualInstallation.sessionSecrets.join(','),
};

/** What a block of settings sets, line by line; `null` for what it unsets. */
const settingsIn = (block: string): readonly (readonly [name: string, value: string | null])[] =>
  [...block.matchAll(/^(?:export (\w+)=(.*)|unset (\w+))$/gm)].map(([, set, value = '', unset = '']) =>
    set === undefined ? [unset, null] : [set, value],
  );

/** What a terminal has set after each block of settings of the page, whatever belongs in the gaps filled in. */
function settingsOfPage(): readonly Readonly<Record<string, string>>[] {
  const env: Record<string, string> = {};
  return STEPS.filter(({ note }) => note === 'settings').map(({ text: lines }) => {
    for (const [name, value] of settingsIn(lines)) {
      if (value === null) Reflect.deleteProperty(env, name);
      else env[name] = value === '…' ? (STAND_INS[name] ?? '') : value.replaceAll('…', 'secret');
    }
    return { ...env };
  });
}

describe('The settings of the run book', () => {
  it('are all that production asks for, after each of its steps', () => {
    const folder = temporaryFolder('casegate-settings-');
    const vendors = STEPS.find(({ note }) => note === 'vendors.json');
    writeFileSync(join(folder, 'vendors.json'), vendors?.text ?? '');
    const terminals = settingsOfPage();
    expect(terminals.length).to.be.greaterThan(2);
    for (const { VENDORS, ...env } of terminals) {
      const list = VENDORS === undefined ? {} : { VENDORS: join(folder, VENDORS) };
      expect(readConfig({ ...env, ...list }).profile).to.equal('production');
    }
    rmSync(folder, { recursive: true });
  });
});

describe('The run book of a rollout', () => {
  const folder = temporaryFolder('casegate-rollout-');
  const programs = join(folder, 'bin');
  const found = new Map<string, string>();
  let database: TestDatabase;
  let legacy: LegacyDatabase;
  let writer: LegacyWriter;
  let checksum: string;
  let definition: readonly unknown[];
  let service: ServiceProcess | null = null;
  /** What every installation has its own of, whatever the page says; mail of the demo goes to files. */
  let own: Readonly<Record<string, string>>;
  /** What the operator's terminal has set. */
  const env: Record<string, string> = {
    ...CHEAP,
    DATA_DIR: join(folder, 'data'),
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
    PORT: '0',
  };

  before(async () => {
    database = await emptyDatabase();
    legacy = await makeLegacyDatabase(database.url, usualInstallation);
    [checksum, definition] = [await legacyChecksum(database.url), await legacyDefinition(database.url)];
    const session = legacy.sessions.find(
      ({ person, state }) => state === 'live' && person?.isShared === false,
    );
    env['COOKIE'] = session?.cookie ?? '';
    own = {
      CASEGATE_PROFILE: 'demo',
      DATABASE_URL: database.url,
      SMTP_URL: '',
      LEGACY_SESSION_SECRETS: usualInstallation.sessionSecrets.join(','),
      LEGACY_SESSION_UNTIL: '2999-12-31',
      ...newKeys(),
    };
    mkdirSync(programs);
    standIn('npx', `shift; exec "${process.execPath}" "${join(ROOT, 'src/main/cli.ts')}" "$@"`);
    // The machine's own may be older than the server.
    standIn('pg_dump', 'exit 0');
    writer = await LegacyWriter.start(database.url);
  });
  after(async () => {
    await writer.stop();
    await endCasegateProcesses();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  /** Puts a program before the machine's own of that name. */
  function standIn(name: string, script: string): void {
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(programs, name), 0o755);
  }

  function set(block: string): void {
    for (const [name, value] of settingsIn(block)) {
      if (value === null) Reflect.deleteProperty(env, name);
      else env[name] = own[name] ?? value.replaceAll(/^'|'$/g, '');
    }
  }

  /** A file of the page: the list of vendors as it is; of people the columns, and the people of the database. */
  function write({ language, note, text: content }: BookStep): void {
    const [header = ''] = content.split('\n');
    const rows =
      note === 'people.csv'
        ? [...rowsOf(legacy.people), { email: 'no address' }]
        : rowsOf(legacy.people.filter(({ isShared }) => !isShared));
    const lines = rows.map((row: Cells) =>
      header
        .split(',')
        .map((column) => row[column] ?? '')
        .join(','),
    );
    writeFileSync(join(folder, note), language === 'csv' ? [header, ...lines, ''].join('\n') : content);
  }

  async function serve(): Promise<void> {
    await service?.stop();
    service = await startServiceProcess({ ...env, VENDORS: join(folder, env['VENDORS'] ?? '') }, 'cli.ts');
    if (env['TOKEN'] !== undefined) return;
    const create = ['users', 'create', '--email', ADMIN, '--role', 'admin'];
    expect(await runCommand(create, { ...env, VENDORS: '' }, PASSWORD)).to.include({ code: 0 });
    env['TOKEN'] = (await login(service.url, ADMIN)).accessToken;
  }

  /** One command after the other in a shell, as if pasted. */
  async function paste({ note, prints, text: commands }: BookStep): Promise<void> {
    const script = [...found]
      .reduce((line, [name, value]) => line.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), value), commands)
      .replaceAll('http://127.0.0.1:3000', service?.url ?? '');
    const child = spawn('bash', ['-c', script], {
      cwd: folder,
      env: { ...env, PATH: `${programs}:${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    const expected = Number(/^exit=(\d)$/.exec(note)?.[1] ?? 0);
    expect(child.exitCode, `${stdout}\n${stderr}`).to.equal(expected);
    if (prints !== null) take(prints, stdout.endsWith('\n') ? stdout : `${stdout}\n`);
  }

  function take(prints: string, printed: string): void {
    const matched = outputPattern(prints, NAMES).exec(printed);
    expect(matched, `${prints}\n--- is not what was printed ---\n${printed}`).to.not.equal(null);
    for (const [name, value] of Object.entries(matched?.groups ?? {})) found.set(name, value);
  }

  async function follow(step: BookStep): Promise<void> {
    const { language, note, text: content } = step;
    if (note === 'settings') set(content);
    else if (note === 'service') await serve();
    else if (note === 'stop') service = (await service?.stop(), null);
    else if (note === 'log') await eventually(() => logged(content));
    else if (language === 'sh') await paste(step);
    else write(step);
  }

  /** Whose each row is: the address of its owner by its id. */
  const owners = (): Promise<ReadonlyMap<string, string>> =>
    withClient(database.url, async (client) => {
      const { rows } = await client.query<{ uuid: string; email: string }>(
        'SELECT r.uuid, u.email FROM rn_requests AS r JOIN users AS u ON u.uuid = r.user_uuid ORDER BY r.uuid',
      );
      return new Map(rows.map(({ email, uuid }) => [uuid, email]));
    });

  const expectedOwners = (): ReadonlyMap<string, string> => {
    const known = legacy.people.filter(({ isShared }) => !isShared);
    const owned = known.flatMap((person) =>
      [...person.byIdentifier, ...person.byUserId].map((uuid) => [uuid, accountOf(person)] as const),
    );
    return new Map(owned.toSorted());
  };

  /** What the legacy service does just before a step. */
  const BEFORE: Readonly<Record<string, () => Promise<unknown>>> = {
    'backfill --apply': () =>
      withClient(database.url, (client) =>
        client.query(
          `INSERT INTO rn_requests (vendor_id, user_id) SELECT 'live', 'u-late' FROM generate_series(1, 3)`,
        ),
      ),
  };
  /** What has to be true after a step, whatever it prints. */
  const AFTER: Readonly<Record<string, () => Promise<unknown>>> = {
    'legacy link': async () => expect(await owners()).to.deep.equal(expectedOwners()),
    'backfill --apply': async () => expect((await owners()).size).to.equal(expectedOwners().size + 3),
  };

  const logged = (line: string): boolean => {
    const pattern = outputPattern(line, []).source.replaceAll(/^\^|\\n\$$/g, '');
    return new RegExp(pattern).test(service?.stdout() ?? '');
  };

  for (const step of STEPS) {
    const [line = ''] = step.text.split('\n');
    const [mark = ''] = [...Object.keys(BEFORE), ...Object.keys(AFTER)].filter((words) =>
      line.includes(words),
    );
    it(`is right about: ${step.language === 'sh' ? line : step.note}`, async () => {
      await BEFORE[mark]?.();
      await follow(step);
      await AFTER[mark]?.();
    }).timeout(90_000);
  }

  it('leaves the legacy tables as they were, and let the legacy service work all the time', async () => {
    await writer.stop();
    expect(writer.failures).to.deep.equal([]);
    expect(writer.slowestMs).to.be.lessThan(1_000);
    expect(writer.statements).to.be.greaterThan(1_000);
    expect(await legacyChecksum(database.url)).to.equal(checksum);
    expect(await legacyDefinition(database.url)).to.deep.equal(definition);
  });
});
