import { expect } from 'chai';
import type { LegacyCase } from '../../../src/domain/cases/case.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { EVERY_CASE, NO_FILTER } from '../../contracts/stores/case-fixtures.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { newId, NOW, plantUser } from '../../contracts/stores/fixtures.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const ALTER = 'ALTER TABLE rn_requests';

describe('Legacy cases of an installation with other columns', () => {
  let world: PostgresStoreWorld;
  let patientId: string;

  beforeEach(async () => {
    world = await postgresStoreWorld();
    patientId = (await plantUser(world, { tenantId: DEFAULT_TENANT_ID })).id;
  });
  afterEach(() => world.close());

  const cases = () => world.unitOfWork.stores(DEFAULT_TENANT_ID).cases;

  /** Writes a row that is the patient's, with these columns as SQL has them, and lets the index see it. */
  async function plant(columns: Readonly<Record<string, string>>, language = 'und'): Promise<string> {
    const id = newId();
    const row = { uuid: `'${id}'`, user_uuid: `'${patientId}'`, ...columns };
    await world.sql(
      `INSERT INTO rn_requests (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).join(', ')})`,
    );
    await world.legacyIndex.put([{ caseId: id, vendorId: null, createdAt: NOW, language, hashes: {} }]);
    return id;
  }

  /** The case, which everybody who sees it is told alike. */
  async function seen(id: string): Promise<LegacyCase & { readonly question: string | null }> {
    const patient = { kind: 'patient', patientId } as const;
    const told: unknown[] = [];
    for (const scope of [patient, EVERY_CASE] as const) {
      const question = await cases().readLegacyQuestion(id, scope);
      told.push({ ...(await cases().find(id, scope)), question });
      const { items } = await cases().list(scope, NO_FILTER, { limit: 9, after: null });
      told.push({ ...items.find((item) => item.id === id), question });
    }
    for (const other of told) expect(other).to.deep.equal(told[0]);
    return told[0] as LegacyCase & { readonly question: string | null };
  }

  it('have what there is, where nothing but the named columns is there', async () => {
    const dropped = ['language', 'question', 'status', 'created_at'].map((column) => `DROP COLUMN ${column}`);
    await world.sql(`${ALTER} ${dropped.join(', ')}`);
    const id = await plant({ vendor_id: `' Clinic '` });
    expect(await seen(id)).to.deep.include({
      language: 'und',
      legacyStatus: null,
      question: null,
      createdAt: NOW,
      vendorId: 'clinic',
    });
  });

  it('are there once the index has them, where rows do not say when they were made', async () => {
    await world.sql(`${ALTER} ALTER COLUMN created_at DROP NOT NULL`);
    const id = newId();
    await world.sql('INSERT INTO rn_requests (uuid, user_uuid, created_at) VALUES ($1, $2, NULL)', [
      id,
      patientId,
    ]);
    expect(await cases().find(id, EVERY_CASE)).to.equal(null);
    await world.legacyIndex.put([
      { caseId: id, vendorId: null, createdAt: NOW, language: 'und', hashes: {} },
    ]);
    expect(await seen(id)).to.deep.include({ createdAt: NOW });
  });

  it('have texts of any type, JSON as what it holds', async () => {
    await world.sql(`CREATE TYPE request_status AS ENUM ('new', 'answered');
      ${ALTER} ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status TYPE request_status USING 'new',
        ALTER COLUMN question TYPE jsonb USING to_jsonb(question), ALTER COLUMN language TYPE character(5)`);
    const id = await plant(
      { status: `'answered'`, question: `'"Since \\"when\\"?"'`, language: `'he'` },
      'he',
    );
    expect(await seen(id)).to.include({
      legacyStatus: 'answered',
      question: 'Since "when"?',
      language: 'he',
    });
    const other = await plant({ status: `'new'`, question: `'{"text": "Why?"}'`, language: 'NULL' });
    expect(await seen(other)).to.include({
      legacyStatus: 'new',
      question: '{"text": "Why?"}',
      language: 'und',
    });
  });

  it('have numbers as the legacy service writes them', async () => {
    await world.sql(`${ALTER} ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status TYPE integer USING 0,
      ALTER COLUMN language TYPE varchar(2)`);
    const id = await plant({ status: '3', language: `'ru'` }, 'ru');
    expect(await seen(id)).to.include({ legacyStatus: '3', language: 'ru' });
  });

  it('are of the moment that a time without a zone means on this server, and of none that is no moment', async () => {
    await world.sql(`${ALTER} ALTER COLUMN created_at TYPE timestamp without time zone`);
    const [id, never] = [newId(), newId()];
    const insert = 'INSERT INTO rn_requests (uuid, user_uuid, created_at) VALUES ($1, $2, $3)';
    await world.sql(insert, [id, patientId, '2026-02-03 04:05:06.789999']);
    const [row] = await world.sql(`SELECT timestamptz '2026-02-03 04:05:06.789' AS moment`);
    expect(await cases().find(id, EVERY_CASE)).to.deep.include({
      createdAt: (row as { moment: Date }).moment,
    });
    await world.sql(insert, [never, patientId, 'infinity']);
    expect(await cases().find(never, EVERY_CASE)).to.equal(null);
  });

  it('are looked at anew once a column has gone', async () => {
    const id = await plant({ status: `'new'`, question: `'Why?'`, language: `'en'` }, 'en');
    expect(await seen(id)).to.include({ legacyStatus: 'new', question: 'Why?' });
    await world.sql(`${ALTER} DROP COLUMN question, DROP COLUMN status`);
    await failureOf(cases().find(id, EVERY_CASE));
    expect(await seen(id)).to.include({ legacyStatus: null, question: null, language: 'en' });
  });
});
