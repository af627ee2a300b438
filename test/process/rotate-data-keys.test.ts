import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { AesGcmTextCipher } from '../../src/adapters/crypto/aes-gcm-text-cipher.ts';
import { EnvelopeKeyProvider } from '../../src/adapters/crypto/envelope-key-provider.ts';
import { MasterKey } from '../../src/adapters/crypto/master-key.ts';
import { openDatabase } from '../../src/adapters/postgres/database.ts';
import { PoolStatements } from '../../src/adapters/postgres/pool-statements.ts';
import { PostgresDataKeyStore } from '../../src/adapters/postgres/stores/data-key-store.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { UuidV7Generator } from '../../src/adapters/system/uuid-v7-generator.ts';
import { placeOf } from '../../src/application/steps/sealed-places.ts';
import { DEFAULT_TENANT_ID } from '../../src/domain/shared/ids.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import { openSealedTexts } from '../support/sealed-rows.ts';
import {
  CHEAP,
  endCasegateProcesses,
  newKeys,
  type ProcessEnv,
  runCommand,
  spawnCasegate,
  startServiceProcess,
} from '../support/service-process.ts';
import { call, register, submit } from './call.ts';

const COMMAND = ['keys', 'rotate-data'];
/** So many that sealing them anew takes a while. */
const MANY = 2_000;

const INSERT_ENTRIES = `INSERT INTO outbox (uuid, tenant_uuid, topic, recipient, created_at, due_at, key_uuid, payload)
  SELECT id, $2, 'mail', 'x', now(), now() + interval '1 day', key, payload
  FROM unnest($1::uuid[], $3::uuid[], $4::bytea[]) AS given (id, key, payload)`;
const COUNT = `SELECT count(*) FILTER (WHERE k.retired_at IS NULL) AS current, count(k.retired_at) AS retired
  FROM outbox t JOIN data_keys k ON k.uuid = t.key_uuid`;
const COUNT_MESSAGES = COUNT.replace('outbox', 'case_messages');

interface Counted {
  readonly current: number;
  readonly retired: number;
}

describe('casegate keys rotate-data', () => {
  let database: TestDatabase;
  let env: ProcessEnv;
  let opened: ReturnType<typeof openTexts>;

  beforeEach(async () => {
    database = await freshDatabase();
    const keys = newKeys();
    env = { ...CHEAP, ...keys, DATABASE_URL: database.url };
    opened = openTexts(database.url, keys.MASTER_KEY);
  });
  afterEach(async () => {
    await endCasegateProcesses();
    await opened.close();
    await database.drop();
  });

  const count = async (text = COUNT): Promise<Counted> => (await opened.run<Counted>(text))[0]!;

  it('seals every text anew while the service takes and shows cases, none of which is ever unreadable', async () => {
    const service = await startServiceProcess(env);
    const { accessToken: token } = await register(service.url);
    const written: string[] = [];
    const isOver = { talking: false };
    const talk = async (): Promise<void> => {
      while (!isOver.talking) {
        const question = `Is it so, the ${String(written.length)}th time?`;
        const id = await submit(service.url, token, question);
        written.push(id);
        const { status, text } = await call(service.url, `GET /cases/${id}`, { token });
        expect(status).to.equal(200);
        expect(text).to.contain(question);
        const earlier = written[Math.floor(written.length / 2)] ?? id;
        expect((await call(service.url, `GET /cases/${earlier}`, { token })).status).to.equal(200);
      }
    };
    const talking = talk();
    while (written.length < 5) await delay(10);
    const { code, stdout, stderr } = await runCommand(COMMAND, env);
    const during = written.length;
    while (written.length < during + 5) await delay(10);
    isOver.talking = true;
    await talking;
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Made a new key for 1 tenant\.\nSealed \d+ texts anew\.\n$/);
    expect(stderr).to.match(/^sealed anew 0\/\d+\n(sealed anew \d+\/\d+\n)+$/);
    expect(await count(COUNT_MESSAGES)).to.deep.equal({ current: written.length, retired: 0 });
    for (const id of written) {
      expect((await call(service.url, `GET /cases/${id}`, { token })).status).to.equal(200);
    }
    expect((await service.stop()).code).to.equal(0);
  });

  it('may be killed half-way: all stays readable, and the next run finishes it without further keys', async () => {
    const texts = await opened.plant(MANY);
    const killed = spawnCasegate('cli.ts', COMMAND, env);
    while (killed.isRunning() && (await count()).retired === 0) await delay(2);
    while (killed.isRunning() && (await count()).current === 0) await delay(2);
    killed.signal('SIGKILL');
    expect((await killed.ended).signal).to.equal('SIGKILL');
    const left = await count();
    expect(left.current).to.be.above(0);
    expect(left.retired).to.be.above(0);
    expect(await opened.read()).to.deep.equal(texts);
    const { code, stdout } = await runCommand(COMMAND, env);
    expect({ code, stdout }).to.deep.equal({
      code: 0,
      stdout:
        'Finished a rotation that had been broken off; no new key was made.\n' +
        `Sealed ${String(left.retired)} texts anew.\n`,
    });
    expect(await count()).to.deep.equal({ current: MANY, retired: 0 });
    expect(await opened.read()).to.deep.equal(texts);
    expect(await opened.run('SELECT FROM data_keys')).to.have.length(2);
  });

  it('answers with 1 where a text does not open, and says where it is', async () => {
    await opened.plant(3);
    const [broken] = await opened.run<{ uuid: string }>(
      `UPDATE outbox SET payload = '\\x00' WHERE uuid = (SELECT uuid FROM outbox LIMIT 1) RETURNING uuid`,
    );
    const { code, stdout, stderr } = await runCommand(COMMAND, env);
    expect({ code, stdout }).to.deep.equal({
      code: 1,
      stdout: 'Made a new key for 1 tenant.\nSealed 2 texts anew.\n',
    });
    const named = `outbox.payload ${broken!.uuid} (tenant ${DEFAULT_TENANT_ID})`;
    expect(stderr.endsWith(`1 text did not open, and stayed under former keys:\n${named}\n`)).to.equal(true);
  });
});

/** The texts of an installation, by its master key. */
function openTexts(url: string, masterKey: string) {
  const { kysely, close } = openDatabase({ url, prepared: true });
  const statements = new PoolStatements(kysely);
  const cipher = () => {
    const keyProvider = new EnvelopeKeyProvider({
      dataKeys: new PostgresDataKeyStore(statements),
      masterKey: new MasterKey(Buffer.from(masterKey, 'base64')),
      clock: new SystemClock(),
      idGenerator: new UuidV7Generator(),
    });
    return new AesGcmTextCipher(keyProvider);
  };
  const read = () => openSealedTexts(statements, cipher());
  const run = <Row>(text: string, values: readonly unknown[] = []) => statements.run<Row>({ text }, values);
  return {
    read,
    run,
    close,
    /** Adds so many texts to the outbox that nobody takes up today, and gives what they say. */
    plant: async (rows: number): Promise<readonly string[]> => {
      const ids = new UuidV7Generator();
      const sealing = cipher();
      const sealed = await Promise.all(
        Array.from({ length: rows }, async () => {
          const rowId = ids.next();
          const place = placeOf({ column: 'outbox.payload', tenantId: DEFAULT_TENANT_ID, rowId });
          return { rowId, ...(await sealing.seal(place, `text of ${rowId}`)) };
        }),
      );
      const columns = [
        sealed.map(({ rowId }) => rowId),
        DEFAULT_TENANT_ID,
        sealed.map(({ keyId }) => keyId),
        sealed.map(({ bytes }) => bytes),
      ];
      await run(INSERT_ENTRIES, columns);
      return read();
    },
  };
}
