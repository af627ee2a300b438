import { expect } from 'chai';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import { PostgresUnitOfWork } from '../../../src/adapters/postgres/unit-of-work.ts';
import { adopt, cancel } from '../../../src/domain/cases/workflow.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { newAct, plantCase, plantStep } from '../../contracts/stores/case-fixtures.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { newSubmission, NOW, plantDataKey, plantUser } from '../../contracts/stores/fixtures.ts';
import { ignoreJobs } from '../../support/ignore-jobs.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

describe('The row of a new case that the legacy service sees', () => {
  let world: PostgresStoreWorld;
  let patient: User;
  let keyId: string;

  beforeEach(async () => {
    world = await postgresStoreWorld();
    patient = await plantUser(world);
    keyId = await plantDataKey(world, patient.tenantId);
  });
  afterEach(() => world.close());

  const submission = (language = 'he', vendorId: string | null = 'north') =>
    newSubmission(keyId, {
      tenantId: patient.tenantId,
      patientId: patient.id,
      vendorId,
      language,
    });

  /** Adds a case, and gives back the row beside it. */
  const legacyRowOf = async (language?: string, vendorId?: string | null): Promise<unknown> => {
    const added = submission(language, vendorId);
    await world.unitOfWork.stores(patient.tenantId).cases.add(added);
    const [row] = await world.sql('SELECT * FROM rn_requests WHERE uuid = $1', [added.submitted.id]);
    return row;
  };

  it('names the patient, the vendor, the language and the time, and holds no text', async () => {
    expect(await legacyRowOf()).to.deep.include({
      user_uuid: patient.id,
      vendor_id: 'north',
      language: 'he',
      created_at: NOW,
      user_id: null,
      user_identifier: null,
      user_crypt: null,
      question: null,
      status: 'new',
    });
  });

  it('leaves out columns that this installation does not have', async () => {
    await world.sql('ALTER TABLE rn_requests DROP COLUMN language, DROP COLUMN created_at');
    const row = await legacyRowOf();
    expect(row).to.include({ user_uuid: patient.id, vendor_id: 'north' });
    expect(row).to.not.have.any.keys('language', 'created_at');
  });

  it('leaves out columns that it cannot fill', async () => {
    await world.sql(`ALTER TABLE rn_requests DROP COLUMN language, DROP COLUMN vendor_id,
      ADD COLUMN language text GENERATED ALWAYS AS ('xx') STORED, ADD COLUMN vendor_id text[]`);
    expect(await legacyRowOf()).to.include({ language: 'xx', vendor_id: null });
  });

  it('fits values into columns of other types', async () => {
    await world.sql(`ALTER TABLE rn_requests ALTER COLUMN language TYPE varchar(2), ALTER COLUMN vendor_id TYPE char(6),
      ALTER COLUMN created_at TYPE timestamp`);
    expect(await legacyRowOf()).to.deep.include({ language: 'he', vendor_id: 'north ', created_at: NOW });
  });

  it('leaves empty what is too short for its value, which is never cut', async () => {
    await world.sql(`ALTER TABLE rn_requests ALTER COLUMN language TYPE varchar(4),
      ALTER COLUMN vendor_id TYPE char(4)`);
    expect(await legacyRowOf('en-US')).to.include({ language: null, vendor_id: null });
    expect(await legacyRowOf('he')).to.include({ language: 'he', vendor_id: null });
  });

  it('leaves the default where the column has one, also where it must hold something', async () => {
    await world.sql(`ALTER TABLE rn_requests ALTER COLUMN language TYPE varchar(2), ALTER COLUMN language SET DEFAULT 'he',
      ALTER COLUMN language SET NOT NULL, ALTER COLUMN vendor_id SET DEFAULT 'direct', ALTER COLUMN vendor_id SET NOT NULL`);
    expect(await legacyRowOf('en-US')).to.include({ language: 'he', vendor_id: 'north' });
    expect(await legacyRowOf('en', null)).to.include({ language: 'en', vendor_id: 'direct' });
  });

  it('names no vendor where there is none, whatever the default is', async () => {
    await world.sql(`ALTER TABLE rn_requests ALTER COLUMN vendor_id SET DEFAULT 'direct'`);
    expect(await legacyRowOf('en', null)).to.include({ vendor_id: null });
  });

  it('is looked up again after the look failed', async () => {
    await world.sql('ALTER TABLE rn_requests RENAME TO hidden');
    await failureOf(world.unitOfWork.stores(patient.tenantId).cases.add(submission()));
    await world.sql('ALTER TABLE hidden RENAME TO rn_requests');
    expect(await legacyRowOf()).to.include({ user_uuid: patient.id });
  });

  it('follows the patient who adopts the case, and nothing else that becomes of it', async () => {
    const submitted = await plantCase(world, keyId, { id: null, tenantId: patient.tenantId });
    const rowOf = async () =>
      (await world.sql('SELECT * FROM rn_requests WHERE uuid = $1', [submitted.id]))[0] as object;
    const before = await rowOf();
    expect(before).to.include({ user_uuid: null });
    const adopted = await plantStep(world, adopt(submitted, patient.id, newAct()));
    expect(await rowOf()).to.deep.equal({ ...before, user_uuid: patient.id });
    await plantStep(world, cancel(adopted, newAct()));
    expect(await rowOf()).to.deep.equal({ ...before, user_uuid: patient.id });
  });

  it('may be gone, deleted by the legacy service', async () => {
    const submitted = await plantCase(world, keyId, { id: null, tenantId: patient.tenantId });
    await world.sql('DELETE FROM rn_requests WHERE uuid = $1', [submitted.id]);
    const adopted = await plantStep(world, adopt(submitted, patient.id, newAct()));
    expect(adopted.patientId).to.equal(patient.id);
  });

  it('needs no second connection within a unit of work', async () => {
    const { kysely, close } = openDatabase({ url: world.url, prepared: true, poolSize: 1 });
    const added = submission();
    const unitOfWork = new PostgresUnitOfWork(kysely, ignoreJobs);
    await unitOfWork.run(patient.tenantId, ({ cases }) => cases.add(added));
    await close();
    const found = await world.unitOfWork
      .stores(patient.tenantId)
      .cases.find(added.submitted.id, { kind: 'tenant' });
    expect(found).to.deep.equal(added.submitted);
  });
});
