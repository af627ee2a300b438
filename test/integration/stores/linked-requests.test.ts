import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import pg from 'pg';
import {
  LegacyRowColumns,
  rowOfLegacyRequest,
} from '../../../src/adapters/postgres/legacy/legacy-row-columns.ts';
import { PostgresCaseStore } from '../../../src/adapters/postgres/stores/case-store.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';
import { newSubmission, NOW, plantDataKey, plantTenant, plantUser } from '../../contracts/stores/fixtures.ts';
import { ExplainedStatements, nodesOf } from '../../support/explained-statements.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

/** A row as the legacy service wrote it; `createdAt` counts seconds from the beginning of the tests. */
interface Written {
  readonly vendorId: string | null;
  readonly userId: string | null;
  readonly identifier?: string | null;
  readonly crypt?: string | null;
  readonly createdAt?: number;
}

describe('The row of a new case of a patient who is linked to the legacy service', () => {
  let world: PostgresStoreWorld;
  let patient: User;
  let keyId: string;

  beforeEach(async () => {
    world = await postgresStoreWorld();
    patient = await plantUser(world);
    keyId = await plantDataKey(world, patient.tenantId);
  });
  afterEach(() => world.close());

  const link = async (vendorId: string | null, owner = patient, key = keyId): Promise<string> => {
    const uuid = randomUUID();
    await world.sql(
      `INSERT INTO legacy_links (uuid, tenant_uuid, user_uuid, vendor_id, kind, identifier_hash, identifier, key_uuid, status, proof,
        created_at, updated_at) VALUES ($1, $2, $3, $4, 'national_id', $5, $6, $7, 'linked', 'admin', $8, $8)`,
      [uuid, owner.tenantId, owner.id, vendorId, randomBytes(32), randomBytes(40), key, NOW],
    );
    return uuid;
  };
  /** Writes rows in the legacy way, and stamps them by a link. */
  const stamp = async (linkId: string, rows: readonly Written[], owner = patient): Promise<void> => {
    for (const { vendorId, userId, identifier = '31472814', crypt = 'opaque', createdAt = 0 } of rows) {
      const uuid = randomUUID();
      await world.sql(
        `INSERT INTO rn_requests (uuid, user_id, user_identifier, user_crypt, vendor_id, user_uuid) VALUES ($1, $2, $3, $4, $5, $6)`,
        [uuid, userId, identifier, crypt, vendorId, owner.id],
      );
      await world
        .sql('UPDATE rn_requests SET created_at = $2 WHERE uuid = $1', [uuid, addSeconds(NOW, createdAt)])
        .catch(() => []);
      await world.sql('INSERT INTO legacy_stamps VALUES ($1, $2, $3, $4, NULL, $5)', [
        uuid,
        owner.tenantId,
        linkId,
        owner.id,
        addSeconds(NOW, createdAt),
      ]);
    }
  };
  /** Adds a case of the patient, and gives back what the row beside it says of him. */
  const added = async (vendorId: string | null, owner: User | null = patient): Promise<unknown> => {
    const submission = newSubmission(
      keyId,
      { tenantId: patient.tenantId, patientId: owner?.id ?? null, vendorId },
      NOW,
      owner ? null : { hash: randomBytes(32), expiresAt: addSeconds(NOW, 60) },
    );
    await world.unitOfWork.stores(patient.tenantId).cases.add(submission);
    const [row] = await world.sql('SELECT * FROM rn_requests WHERE uuid = $1', [submission.submitted.id]);
    const { user_uuid, user_id, user_identifier, user_crypt, vendor_id } = row as Record<string, unknown>;
    expect(user_uuid).to.equal(owner?.id ?? null);
    return [user_id, user_identifier, user_crypt, vendor_id];
  };
  const nothing = (vendorId: string | null = null) => [null, null, null, vendorId];

  it('says who he is as his newest row of the vendor does, however that is spelled', async () => {
    await stamp(await link('north'), [
      { vendorId: ' NORTH', userId: 'older', createdAt: 1 },
      { vendorId: 'North', userId: 'newest', identifier: '0-31472814', crypt: 'c3', createdAt: 3 },
      { vendorId: 'NORTH', userId: 'middle', createdAt: 2 },
    ]);
    await stamp(await link('south'), [{ vendorId: 'south', userId: 'of another vendor', createdAt: 9 }]);
    expect(await added('north')).to.deep.equal(['newest', '0-31472814', 'c3', 'north']);
    expect(await added('south')).to.deep.equal(['of another vendor', '31472814', 'opaque', 'south']);
  });

  it('says it as his newest row of all where the case names no vendor, and then names that of the row', async () => {
    await stamp(await link('north'), [{ vendorId: 'NORTH ', userId: 'newer', createdAt: 2 }]);
    await stamp(await link('south'), [{ vendorId: 'south', userId: 'older', createdAt: 1 }]);
    expect(await added(null)).to.deep.equal(['newer', '31472814', 'opaque', 'NORTH ']);
  });

  it('takes over what is not there, too', async () => {
    await stamp(await link(null), [{ vendorId: null, userId: null, crypt: null }]);
    expect(await added(null)).to.deep.equal([null, '31472814', null, null]);
  });

  it('says nothing of him where he has no row of that vendor, or none at all', async () => {
    expect(await added(null)).to.deep.equal(nothing());
    await stamp(await link('north'), [{ vendorId: 'north', userId: '7' }]);
    expect(await added('south')).to.deep.equal(nothing('south'));
  });

  it('says nothing of others, and nothing of somebody without an account', async () => {
    const other = await plantUser(world, { tenantId: patient.tenantId });
    const elsewhere = await plantTenant(world);
    const stranger = await plantUser(world, { tenantId: elsewhere.id });
    const theirKey = await plantDataKey(world, elsewhere.id);
    await stamp(await link('north', other), [{ vendorId: 'north', userId: '7' }], other);
    await stamp(await link('north', stranger, theirKey), [{ vendorId: 'north', userId: '8' }], stranger);
    expect(await added('north')).to.deep.equal(nothing('north'));
    await world.allowAnonymousCases(true);
    expect(await added('north', null)).to.deep.equal(nothing('north'));
  });

  it('says nothing any more once the row was given up, or has another owner', async () => {
    await stamp(await link('north'), [{ vendorId: 'north', userId: '7' }]);
    await world.sql('UPDATE rn_requests SET user_uuid = NULL WHERE user_id = $1', ['7']);
    expect(await added('north')).to.deep.equal(nothing('north'));
  });

  it('says nothing of rows that came with no link: his own new cases', async () => {
    expect(await added('north')).to.deep.equal(nothing('north'));
    expect(await added('north')).to.deep.equal(nothing('north'));
  });

  it('fits columns of any type, since it goes from row to row', async () => {
    await world.sql(`ALTER TABLE rn_requests ALTER COLUMN user_id TYPE bigint USING user_id::bigint,
      ALTER COLUMN user_identifier TYPE varchar(9), ALTER COLUMN user_crypt TYPE jsonb USING user_crypt::jsonb,
      ALTER COLUMN vendor_id TYPE char(8)`);
    await stamp(await link('north'), [{ vendorId: 'NORTH', userId: '12', crypt: '{"iv":1}' }]);
    expect(await added(null)).to.deep.equal([12, '31472814', { iv: 1 }, 'NORTH   ']);
  });

  it('leaves the defaults of columns that must hold something, where he has no row', async () => {
    await world.sql(`ALTER TABLE rn_requests ALTER COLUMN user_id SET DEFAULT 'nobody', ALTER COLUMN user_id SET NOT NULL,
      ALTER COLUMN vendor_id SET DEFAULT 'direct', ALTER COLUMN vendor_id SET NOT NULL,
      ADD COLUMN channel text NOT NULL DEFAULT 'web'`);
    expect(await added(null)).to.deep.equal(['nobody', null, null, 'direct']);
    await stamp(await link('north'), [{ vendorId: 'north', userId: '7' }]);
    expect(await added(null)).to.deep.equal(['7', '31472814', 'opaque', 'north']);
  });

  it('leaves out columns that nobody writes', async () => {
    await world.sql(`ALTER TABLE rn_requests DROP COLUMN user_crypt, DROP COLUMN user_identifier,
      ADD COLUMN user_crypt text GENERATED ALWAYS AS ('made') STORED, ADD COLUMN user_identifier bigint GENERATED ALWAYS AS IDENTITY`);
    const linkId = await link('north');
    const uuid = randomUUID();
    await world.sql('INSERT INTO rn_requests (uuid, user_id, vendor_id, user_uuid) VALUES ($1, $2, $3, $4)', [
      uuid,
      '7',
      'north',
      patient.id,
    ]);
    await world.sql('INSERT INTO legacy_stamps VALUES ($1, $2, $3, $4, NULL, $5)', [
      uuid,
      patient.tenantId,
      linkId,
      patient.id,
      NOW,
    ]);
    expect(await added('north')).to.deep.equal(['7', 2, 'made', 'north']);
  });

  it('goes by when the links came where rows do not say when they were made', async () => {
    await world.sql('ALTER TABLE rn_requests DROP COLUMN created_at');
    const linkId = await link('north');
    await stamp(linkId, [
      { vendorId: 'north', userId: 'newer', createdAt: 2 },
      { vendorId: 'north', userId: 'older', createdAt: 1 },
    ]);
    expect(await added('north')).to.deep.equal(['newer', '31472814', 'opaque', 'north']);
  });

  it('is looked for by indexes only', async () => {
    const client = new pg.Client(world.url);
    await client.connect();
    await client.query('SET enable_seqscan = off');
    const asked = {
      run: async (given: { text: string }) => (await client.query(given.text)).rows as never[],
    };
    const legacyRowColumns = new LegacyRowColumns();
    const submission = newSubmission(keyId, { tenantId: patient.tenantId, patientId: patient.id });
    await legacyRowColumns.use(rowOfLegacyRequest(submission.submitted), asked, () => Promise.resolve());
    const statements = new ExplainedStatements(client);
    await new PostgresCaseStore(statements, patient.tenantId, legacyRowColumns).add(submission);
    await client.end();
    expect(statements.plans).to.have.length(2);
    for (const plan of statements.plans) {
      const reads = nodesOf(plan).filter((node) => node['Index Name'] !== undefined);
      expect(reads.map((node) => node['Relation Name'])).to.have.members([
        'rn_requests',
        'legacy_stamps',
        'legacy_links',
      ]);
      expect(nodesOf(plan).map((node) => node['Node Type'])).not.to.include('Seq Scan');
    }
  });
});
