import { expect } from 'chai';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { AesGcmTextCipher } from '../../../src/adapters/crypto/aes-gcm-text-cipher.ts';
import { EnvelopeKeyProvider } from '../../../src/adapters/crypto/envelope-key-provider.ts';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { FixedClock } from '../../../src/adapters/memory/fixed-clock.ts';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import { PoolStatements } from '../../../src/adapters/postgres/pool-statements.ts';
import { SEALED_COLUMNS } from '../../../src/adapters/postgres/rows/sealed-columns.ts';
import type { Statements } from '../../../src/adapters/postgres/statements.ts';
import { PostgresDataKeyStore } from '../../../src/adapters/postgres/stores/data-key-store.ts';
import { PostgresSealedTextStore } from '../../../src/adapters/postgres/stores/sealed-text-store.ts';
import { PostgresUnitOfWork } from '../../../src/adapters/postgres/unit-of-work.ts';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.ts';
import {
  RotateDataKeys,
  type RotateDataKeysCommand,
} from '../../../src/application/access/rotate-data-keys.ts';
import type {
  ResealedText,
  SealedTextStore,
} from '../../../src/application/ports/stores/sealed-text-store.ts';
import { placeOf } from '../../../src/application/steps/sealed-places.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { NOW, SYSTEM } from '../../support/builders.ts';
import { faultOf } from '../../support/fault-of.ts';
import { ignoreJobs } from '../../support/ignore-jobs.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { openSealedTexts, plantSealedRows, readSealedTexts } from '../../support/sealed-rows.ts';

const DAY = 86_400;
const BREAK = new Error('It was broken off.');

const INSERT_TENANT = `INSERT INTO tenants (uuid, slug, name, allow_overflow, quotas, password_policy, mfa_required, created_at, version)
  SELECT $1::uuid, $1::uuid::text, 'A tenant', allow_overflow, quotas, password_policy, mfa_required, created_at, version
  FROM tenants LIMIT 1`;
const INSERT_ENTRY = `INSERT INTO outbox (uuid, tenant_uuid, topic, recipient, created_at, due_at, key_uuid, payload)
  VALUES ($1, $2, 'mail', 'x', now(), now(), $3, $4)`;
const FOREIGN_KEYS = `SELECT c.conrelid::regclass::text || '.' || a.attname AS key
  FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
  WHERE c.contype = 'f' AND c.confrelid = 'data_keys'::regclass AND a.attname <> 'tenant_uuid'`;

/** Fails before the nth replacement. */
const brokenOffAt = (store: SealedTextStore, replacement: number): SealedTextStore => {
  let left = replacement;
  return {
    countUnderRetiredKeys: () => store.countUnderRetiredKeys(),
    nextUnderRetiredKeys: (after) => store.nextUnderRetiredKeys(after),
    replace: (column, texts) => {
      left -= 1;
      return left < 0 ? Promise.reject(BREAK) : store.replace(column, texts);
    },
  };
};

describe('A rotation of data keys on PostgreSQL', () => {
  const masterKey = new MasterKey(randomBytes(32));
  let database: TestDatabase;
  let opened: PostgresDatabase;
  let statements: Statements;
  let clock: FixedClock;
  let sealedTexts: SealedTextStore;
  let tenants: readonly string[];

  beforeEach(async () => {
    database = await freshDatabase();
    opened = openDatabase({ url: database.url, prepared: true });
    statements = new PoolStatements(opened.kysely);
    clock = new FixedClock(NOW);
    sealedTexts = new PostgresSealedTextStore(statements, 2);
    tenants = [DEFAULT_TENANT_ID, randomUUID()];
    await statements.run({ text: INSERT_TENANT }, [tenants[1]]);
  });
  afterEach(async () => {
    await opened.close();
    await database.drop();
  });

  /** A process of its own: nobody tells it of keys that were made elsewhere. */
  const process = () => {
    const dataKeys = new PostgresDataKeyStore(statements);
    const keys = new EnvelopeKeyProvider({ dataKeys, masterKey, clock, idGenerator: new UuidV7Generator() });
    return { keys, cipher: new AesGcmTextCipher(keys) };
  };

  const rotate = (store = sealedTexts, given: Partial<RotateDataKeysCommand> = {}) => {
    const { keys, cipher } = process();
    return new RotateDataKeys({
      clock,
      dataKeyRotation: keys,
      idGenerator: new UuidV7Generator(),
      sealedTexts: store,
      textCipher: cipher,
      unitOfWork: new PostgresUnitOfWork(opened.kysely, ignoreJobs),
    }).execute({ actor: SYSTEM, wait: () => Promise.resolve(), ...given });
  };

  const everyText = () => openSealedTexts(statements, process().cipher);

  const keysInUse = async (): Promise<ReadonlySet<string>> =>
    new Set((await readSealedTexts(statements)).map(({ sealed }) => sealed.keyId));

  const currentKeys = async (): Promise<ReadonlySet<string>> =>
    new Set((await new PostgresDataKeyStore(statements).listCurrent()).map(({ id }) => id));

  /** So many rows with texts of all kinds in each tenant; what the texts say, in order. */
  const plant = async (rows = 3): Promise<readonly string[]> => {
    const { cipher } = process();
    for (const tenantId of tenants) {
      for (let row = 0; row < rows; row += 1) await plantSealedRows(statements, cipher, tenantId);
    }
    return everyText();
  };

  it('knows every column that holds sealed texts: each foreign key to the keys belongs to one', async () => {
    const found = await statements.run<{ key: string }>({ text: FOREIGN_KEYS }, []);
    const known = Object.entries(SEALED_COLUMNS).map(
      ([column, { key }]) => `${column.split('.')[0] ?? ''}.${key}`,
    );
    expect(found.map(({ key }) => key)).to.have.members(known);
  });

  it('seals every text of every tenant anew, each for its own place', async () => {
    const texts = await plant();
    expect(texts).to.have.length(2 * 3 * Object.keys(SEALED_COLUMNS).length);
    const former = await keysInUse();
    const shown: (readonly [number, number])[] = [];
    const done = await rotate(sealedTexts, { onProgress: ({ done, total }) => shown.push([done, total]) });
    expect(done).to.deep.equal({
      isResumed: false,
      tenants: 2,
      texts: texts.length,
      destroyedKeys: 0,
      unopened: 0,
      firstUnopened: [],
    });
    expect(await everyText()).to.deep.equal(texts);
    expect(await keysInUse()).to.deep.equal(await currentKeys());
    for (const key of former) expect(await keysInUse()).to.not.include(key);
    expect(shown[0]).to.deep.equal([0, texts.length]);
    expect(shown.at(-1)).to.deep.equal([texts.length, texts.length]);
  });

  it('may be broken off between any two batches: all stays readable, and the next run finishes it', async () => {
    const texts = await plant(1);
    for (let replacement = 0; ; replacement += 1) {
      const fault = await faultOf(rotate(brokenOffAt(sealedTexts, replacement))).catch(() => null);
      if (!fault) break;
      expect(fault).to.equal(BREAK);
      expect(await everyText()).to.deep.equal(texts);
      const keys = await currentKeys();
      expect(await rotate()).to.deep.include({ isResumed: true, tenants: 0, unopened: 0 });
      expect(await currentKeys()).to.deep.equal(keys);
      expect(await keysInUse()).to.deep.equal(keys);
      expect(await everyText()).to.deep.equal(texts);
      expect(replacement).to.be.below(100);
    }
    expect(await everyText()).to.deep.equal(texts);
  });

  it('goes on beside writers who hear of it late: nothing is unreadable at any time, and all is sealed anew', async () => {
    await plant(5);
    const writer = process();
    const reader = process();
    const isOver = { writing: false };
    let written = 0;
    const write = async (): Promise<void> => {
      while (!isOver.writing) {
        for (const tenantId of tenants) {
          const rowId = randomUUID();
          const place = placeOf({ column: 'outbox.payload', tenantId, rowId });
          const { keyId, bytes } = await writer.cipher.seal(place, `written ${rowId}`);
          await statements.run({ text: INSERT_ENTRY }, [rowId, tenantId, keyId, bytes]);
          written += 1;
        }
      }
    };
    const read = async (): Promise<void> => {
      while (!isOver.writing) await openSealedTexts(statements, reader.cipher);
    };
    const others = Promise.all([write(), read(), read()]);
    const done = await rotate(new PostgresSealedTextStore(statements), {
      // Until the writer hears of it, he seals with keys that are retired.
      wait: async () => {
        await setTimeout(150);
        writer.keys.forgetCurrent();
        await setTimeout(50);
      },
    });
    isOver.writing = true;
    await others;
    expect(done).to.include({ isResumed: false, tenants: 2, unopened: 0 });
    expect(done.texts).to.be.above(2 * 5 * Object.keys(SEALED_COLUMNS).length);
    expect(written).to.be.above(10);
    expect(await everyText()).to.have.length(written + 2 * 5 * Object.keys(SEALED_COLUMNS).length);
    expect(await keysInUse()).to.deep.equal(await currentKeys());
  });

  it('leaves what was changed or settled while it was at it', async () => {
    const texts = await plant(1);
    const { cipher } = process();
    const between = async (texts: readonly ResealedText[]): Promise<void> => {
      for (const { column, tenantId, rowId } of texts) {
        if (column === 'outbox.payload') {
          const text = `UPDATE outbox SET payload = NULL, key_uuid = NULL, outcome = 'done', settled_at = now() WHERE uuid = $1`;
          await statements.run({ text }, [rowId]);
        } else if (column === 'totp_factors.pending_secret') {
          const { keyId, bytes } = await cipher.seal(placeOf({ column, tenantId, rowId }), 'begun anew');
          const text = `UPDATE totp_factors SET pending_secret = $2, pending_key_uuid = $3 WHERE user_uuid = $1`;
          await statements.run({ text }, [rowId, bytes, keyId]);
        }
      }
    };
    const done = await rotate({
      countUnderRetiredKeys: () => sealedTexts.countUnderRetiredKeys(),
      nextUnderRetiredKeys: (after) => sealedTexts.nextUnderRetiredKeys(after),
      replace: async (column, texts) => {
        await between(texts);
        return sealedTexts.replace(column, texts);
      },
    });
    expect(done).to.include({ texts: texts.length - 4, unopened: 0 });
    const kept = texts.filter((text) => !/^(outbox|totp_factors\.pending)/.test(text));
    expect(await everyText()).to.deep.equal([...kept, 'begun anew', 'begun anew'].toSorted());
  });

  it('leaves each tenant one current key when two run at once, and all readable', async () => {
    const texts = await plant();
    const done = await Promise.all([rotate(), rotate()]);
    expect(done.map(({ unopened }) => unopened)).to.deep.equal([0, 0]);
    expect(await everyText()).to.deep.equal(texts);
    expect(await currentKeys()).to.have.property('size', 2);
    expect(await keysInUse()).to.deep.equal(await currentKeys());
  });

  it('names a text that does not open and rotates the others; only its key outlives a day', async () => {
    const texts = await plant(1);
    const [broken] = await statements.run<{ rowId: string; keyId: string }>(
      {
        text: `UPDATE mfa_resets SET reason = reason || '\\x00'::bytea WHERE tenant_uuid = $1
          RETURNING uuid AS "rowId", key_uuid AS "keyId"`,
      },
      [tenants[1]],
    );
    const { rowId, keyId } = broken!;
    const former = await currentKeys();
    const name = { column: 'mfa_resets.reason', tenantId: tenants[1], rowId };
    const rotated = { isResumed: false, tenants: 2, unopened: 1, firstUnopened: [name] };
    expect(await rotate()).to.deep.equal({ ...rotated, texts: texts.length - 1, destroyedKeys: 0 });
    clock.advance(DAY + 1);
    expect(await rotate()).to.deep.equal({ ...rotated, texts: texts.length - 1, destroyedKeys: 1 });
    const left = await statements.run<{ uuid: string }>({ text: 'SELECT uuid FROM data_keys' }, []);
    expect([...former].filter((key) => left.some(({ uuid }) => uuid === key))).to.deep.equal([keyId]);
    expect(left).to.have.length(5);
  });
});
