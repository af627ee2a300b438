import { expect } from 'chai';
import pg from 'pg';
import { sealEntries } from '../../../src/domain/audit/audit-chain.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { atOnce } from '../../contracts/stores/expectations.ts';
import { newEntry, newId } from '../../contracts/stores/fixtures.ts';
import { type AuditSealing, auditSealing } from '../../support/audit-chain-world.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

/** A transaction that this server has not reached. */
const FAR_AHEAD = 1_000_000_000_000;

const INSERT = `INSERT INTO audit_entries (uuid, tenant_uuid, actor_kind, action, at, details)
  VALUES ($1, '${DEFAULT_TENANT_ID}', 'system', 'test.done', now(), '{}')`;

describe('Sealing the audit trail', () => {
  let world: PostgresStoreWorld;
  let sealing: AuditSealing;

  beforeEach(async () => {
    world = await postgresStoreWorld();
    sealing = auditSealing(world.auditSeals);
  });
  afterEach(() => world.close());

  async function add(): Promise<string> {
    const entry = newEntry(DEFAULT_TENANT_ID, { at: new Date() });
    await world.unitOfWork.stores(DEFAULT_TENANT_ID).audit.add(entry);
    return entry.id;
  }

  /** An entry of a transaction that is not, or no longer, one of this server. */
  async function plant(transaction: number): Promise<string> {
    const id = newId();
    await world.sql(INSERT, [id]);
    await world.sql('ALTER TABLE audit_entries DISABLE TRIGGER ALL');
    await world.sql('UPDATE audit_entries SET xact = $2::text::xid8 WHERE uuid = $1', [
      id,
      String(transaction),
    ]);
    await world.sql('ALTER TABLE audit_entries ENABLE TRIGGER ALL');
    return id;
  }

  const sealed = async (): Promise<readonly string[]> =>
    (await world.auditSeals.listLinks(1, 100_000, 100_000)).map(({ entryId }) => entryId);

  const counted = async () => {
    const { head: _head, ...verdict } = await sealing.verify();
    return verdict;
  };

  /** Seals what there is, as the server did that the records came from: its transactions were beyond those of this one. */
  async function sealFarAhead(): Promise<void> {
    const { seal } = await world.auditSeals.readEnd();
    const { entries } = await world.auditSeals.listSealable(null, null, 1_000);
    const horizon = String(FAR_AHEAD + 100);
    const batch = sealEntries(sealing.auditChain.mac, seal, { entries, horizon }, new Date());
    expect(await world.auditSeals.append(batch)).to.equal(true);
  }

  it('takes every entry once, and makes no seal where there is nothing to seal', async () => {
    expect(await sealing.seal()).to.equal(0);
    const ids = [await add(), await add()];
    expect(await sealing.seal()).to.equal(2);
    expect(await sealing.seal()).to.equal(0);
    expect(await sealed()).to.deep.equal(ids);
    expect(await counted()).to.deep.equal({ entries: 2, seals: 1, unsealed: 0, findings: [] });
  });

  it('leaves out nobody who commits late, and keeps nobody waiting for him', async () => {
    const early = await add();
    const late = new pg.Client({ connectionString: world.url });
    await late.connect();
    const lateId = newId();
    await late.query('BEGIN');
    await late.query(INSERT, [lateId]);
    const after = await add();
    expect(await sealing.seal()).to.equal(1);
    expect(await sealed()).to.deep.equal([early]);
    expect(await counted()).to.include({ entries: 2, unsealed: 1 });

    const again = await add();
    await late.query('COMMIT');
    await late.end();
    expect(await sealing.seal()).to.equal(3);
    expect(await sealed()).to.deep.equal([early, lateId, after, again]);
    expect(await counted()).to.deep.equal({ entries: 4, seals: 2, unsealed: 0, findings: [] });
  });

  it('goes on where a transaction was open that came to nothing', async () => {
    const late = new pg.Client({ connectionString: world.url });
    await late.connect();
    await late.query('BEGIN');
    await late.query(INSERT, [newId()]);
    const id = await add();
    expect(await sealing.seal()).to.equal(0);
    await late.query('ROLLBACK');
    await late.end();
    expect(await sealing.seal()).to.equal(1);
    expect(await sealed()).to.deep.equal([id]);
  });

  it('takes thousands of entries of one transaction in several seals', async () => {
    await world.sql(
      `INSERT INTO audit_entries (uuid, tenant_uuid, actor_kind, action, at, details)
        SELECT gen_random_uuid(), '${DEFAULT_TENANT_ID}', 'system', 'test.done', now(), '{}' FROM generate_series(1, 2500)`,
    );
    expect(await sealing.seal()).to.equal(2_500);
    expect(await counted()).to.deep.equal({ entries: 2_500, seals: 3, unsealed: 0, findings: [] });
  });

  it('makes one chain where several seal at once, beside whoever writes and whoever verifies', async () => {
    const jobs = [
      ...Array.from({ length: 4 }, () => async () => {
        for (let round = 0; round < 10; round += 1) await add();
      }),
      ...Array.from({ length: 4 }, () => async () => {
        for (let round = 0; round < 10; round += 1) await sealing.seal();
      }),
      async () => {
        for (let round = 0; round < 5; round += 1) {
          expect((await sealing.verify()).findings).to.deep.equal([]);
        }
      },
    ];
    await atOnce(jobs.length, (index) => jobs[index]!());
    await sealing.seal();
    expect(await counted())
      .to.include({ entries: 40, unsealed: 0 })
      .and.to.deep.include({ findings: [] });
    expect(new Set(await sealed()).size).to.equal(40);
  });

  it('goes on after the records were moved to a server whose transactions are behind', async () => {
    await plant(FAR_AHEAD);
    await sealFarAhead();
    const waiting = [await plant(FAR_AHEAD + 100), await plant(FAR_AHEAD + 105)];
    const here = await add();
    expect(await counted()).to.deep.equal({ entries: 4, seals: 1, unsealed: 3, findings: [] });
    expect(await sealing.seal()).to.equal(3);
    expect((await sealed()).slice(1)).to.deep.equal([here, ...waiting]);
    expect(await counted()).to.deep.equal({ entries: 4, seals: 2, unsealed: 0, findings: [] });

    await add();
    expect(await sealing.seal()).to.equal(1);
    const slipped = await plant(3);
    expect((await counted()).findings).to.deep.equal([{ kind: 'entry-astray', entryId: slipped }]);
  });

  it('finds an entry that was slipped in among those that were brought from another server', async () => {
    await plant(FAR_AHEAD);
    await sealFarAhead();
    await plant(FAR_AHEAD + 105);
    expect(await sealing.seal()).to.equal(1);
    const { seal } = await world.auditSeals.readEnd();
    const slipped = await plant(FAR_AHEAD + 50);
    expect(await world.auditSeals.isSettled(seal!.horizon)).to.equal(true);
    expect(await sealing.seal()).to.equal(0);
    const findings = [{ kind: 'entry-astray', entryId: slipped }];
    expect(await counted()).to.deep.equal({ entries: 3, seals: 2, unsealed: 0, findings });
  });

  it('looks through all entries once after such a move, and not again', async () => {
    await plant(FAR_AHEAD);
    await sealFarAhead();
    expect(await sealing.seal()).to.equal(0);
    expect((await world.auditSeals.readEnd()).head?.number).to.equal(2);
    expect(await sealing.seal()).to.equal(0);
    expect((await world.auditSeals.readEnd()).head?.number).to.equal(2);
    expect(await counted()).to.deep.equal({ entries: 1, seals: 2, unsealed: 0, findings: [] });
  });

  it('takes entries that came from a server whose transactions were ahead, where the last seal does not tell', async () => {
    await add();
    await sealing.seal();
    const waiting = await plant(FAR_AHEAD);
    expect(await counted())
      .to.include({ unsealed: 1 })
      .and.to.deep.include({ findings: [] });
    expect(await sealing.seal()).to.equal(1);
    expect((await sealed()).at(-1)).to.equal(waiting);
    expect(await counted()).to.deep.equal({ entries: 2, seals: 2, unsealed: 0, findings: [] });
  });

  it('holds no lock that keeps anybody from writing', async () => {
    await add();
    const holder = new pg.Client({ connectionString: world.url });
    await holder.connect();
    await holder.query('BEGIN; UPDATE audit_head SET number = number');
    const sealingNow = sealing.seal();
    for (let round = 0; round < 3; round += 1) await add();
    await holder.query('ROLLBACK');
    await holder.end();
    expect(await sealingNow).to.be.at.least(1);
    const locks = await world.sql(
      `SELECT DISTINCT mode FROM pg_locks WHERE relation IN ('audit_entries'::regclass, 'audit_links'::regclass)`,
    );
    expect(locks).to.deep.equal([]);
  });
});
