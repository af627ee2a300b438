import { expect } from 'chai';
import type { ChainFinding } from '../../../src/domain/audit/chain-finding.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { at, newEntry, newId } from '../../contracts/stores/fixtures.ts';
import { type AuditSealing, auditSealing } from '../../support/audit-chain-world.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

/** Batches of three, two and one entry. */
const BATCHES = [3, 2, 1];

describe('Whoever tampers with the audit trail, with all rights of a superuser,', () => {
  let world: PostgresStoreWorld;
  let sealing: AuditSealing;
  /** The ids of the sealed entries, by their positions, the first at 1. */
  let ids: string[];

  /** The tables as they are before anybody tampers with them. */
  const TABLES = ['audit_entries', 'audit_links', 'audit_seals', 'audit_head'];

  before(async () => {
    world = await postgresStoreWorld();
    sealing = auditSealing(world.auditSeals);
    ids = ['none'];
    for (const count of BATCHES) {
      for (let index = 0; index < count; index += 1) await add();
      await sealing.seal();
    }
    await keep('untouched');
  });
  after(() => world.close());
  afterEach(async () => {
    await bringBack('untouched');
    ids.length = 7;
  });

  async function keep(copy: string): Promise<void> {
    await world.sql(`CREATE SCHEMA ${copy}`);
    for (const table of TABLES) await world.sql(`CREATE TABLE ${copy}.${table} AS SELECT * FROM ${table}`);
  }
  const bringBack = (copy: string): Promise<void> =>
    tamper(
      ...TABLES.map((table) => `TRUNCATE ${table}; INSERT INTO ${table} SELECT * FROM ${copy}.${table}`),
    );

  async function add(): Promise<string> {
    const entry = newEntry(DEFAULT_TENANT_ID, {
      actor: { kind: 'user', id: newId() },
      subject: { type: 'user', id: newId() },
      details: { role: 'admin' },
      at: at(ids.length),
    });
    await world.unitOfWork.stores(DEFAULT_TENANT_ID).audit.add(entry);
    ids.push(entry.id);
    return entry.id;
  }

  /** Runs SQL as nothing were append-only. */
  async function tamper(...statements: readonly string[]): Promise<void> {
    const triggers = (what: string) => TABLES.map((table) => `ALTER TABLE ${table} ${what} TRIGGER ALL`);
    await world.sql([...triggers('DISABLE'), ...statements, ...triggers('ENABLE')].join('; '));
  }

  const found = async (): Promise<readonly ChainFinding[]> => (await sealing.verify()).findings;
  const entry = (position: number) => `'${ids[position]!}'`;

  it('is not seen where nobody is: all is intact, and the entries that wait are counted', async () => {
    await add();
    const { head, ...verdict } = await sealing.verify();
    expect(verdict).to.deep.equal({ entries: 7, seals: 3, unsealed: 1, findings: [] });
    expect(head?.number).to.equal(3);
  });

  const columns: Readonly<Record<string, string>> = {
    tenant_uuid: `'${newId()}'`,
    actor_kind: `'system'`,
    actor_id: `'${newId()}'`,
    action: `action || 'x'`,
    subject_type: `'case'`,
    subject_id: 'NULL',
    at: `at + interval '1 microsecond'`,
    details: `'{"role": "patient"}'`,
    xact: `(xact::text::bigint + 1)::text::xid8`,
  };
  for (const [column, value] of Object.entries(columns)) {
    it(`is found out by column ${column} of an entry, which alone is named`, async () => {
      await tamper(`UPDATE audit_entries SET ${column} = ${value} WHERE uuid = ${entry(2)}`);
      expect(await found()).to.deep.equal([{ kind: 'entry-changed', entryId: ids[2], position: 2 }]);
    });
  }

  it('is found out by a change of the time to one that no calendar has', async () => {
    await tamper(`UPDATE audit_entries SET at = 'infinity' WHERE uuid = ${entry(2)}`);
    expect(await found()).to.deep.equal([{ kind: 'entry-changed', entryId: ids[2], position: 2 }]);
  });

  it('is found out by the id of an entry, as one removed and one that was slipped in', async () => {
    const other = newId();
    await tamper(`UPDATE audit_entries SET uuid = '${other}' WHERE uuid = ${entry(4)}`);
    expect(await found()).to.deep.equal([
      { kind: 'entry-removed', entryId: ids[4], position: 4 },
      { kind: 'entry-astray', entryId: other },
    ]);
  });

  for (const position of [1, 2, 6]) {
    it(`is found out by the removal of entry ${String(position)} of 6`, async () => {
      await tamper(`DELETE FROM audit_entries WHERE uuid = ${entry(position)}`);
      expect(await found()).to.deep.equal([{ kind: 'entry-removed', entryId: ids[position], position }]);
    });
  }

  it('is found out by each of several entries', async () => {
    await tamper(
      `UPDATE audit_entries SET action = 'x.y' WHERE uuid IN (${entry(1)}, ${entry(5)})`,
      `DELETE FROM audit_entries WHERE uuid = ${entry(3)}`,
    );
    expect(await found()).to.deep.equal([
      { kind: 'entry-changed', entryId: ids[1], position: 1 },
      { kind: 'entry-removed', entryId: ids[3], position: 3 },
      { kind: 'entry-changed', entryId: ids[5], position: 5 },
    ]);
  });

  it('is found out by two entries that changed what they tell', async () => {
    await tamper(
      `UPDATE audit_entries AS a SET action = b.action, details = b.details, at = b.at FROM audit_entries AS b
         WHERE (a.uuid, b.uuid) IN ((${entry(1)}, ${entry(5)}), (${entry(5)}, ${entry(1)}))`,
    );
    expect(await found()).to.deep.equal([
      { kind: 'entry-changed', entryId: ids[1], position: 1 },
      { kind: 'entry-changed', entryId: ids[5], position: 5 },
    ]);
  });

  it('is found out by two links that changed places', async () => {
    await tamper(
      'UPDATE audit_links SET position = 100 WHERE position = 2',
      'UPDATE audit_links SET position = 2 WHERE position = 4',
      'UPDATE audit_links SET position = 4 WHERE position = 100',
    );
    expect(await found()).to.deep.equal([
      { kind: 'link-changed', entryId: ids[4], position: 2 },
      { kind: 'link-changed', entryId: ids[2], position: 4 },
    ]);
  });

  it('is found out by a link that was removed, with the entry that nothing proves any more', async () => {
    await tamper('DELETE FROM audit_links WHERE position = 2');
    expect(await found()).to.deep.equal([
      { kind: 'links-removed', first: 2, last: 2 },
      { kind: 'entry-astray', entryId: ids[2] },
    ]);
  });

  for (const column of ['mac', 'record_mac']) {
    it(`is found out by ${column} of a link, which still proves its entry`, async () => {
      await tamper(`UPDATE audit_links SET ${column} = sha256('x') WHERE position = 2`);
      expect(await found()).to.deep.equal([{ kind: 'link-changed', entryId: ids[2], position: 2 }]);
    });
  }

  it('is found out where he changed an entry and its link', async () => {
    await tamper(
      `UPDATE audit_entries SET action = 'x.y' WHERE uuid = ${entry(2)}`,
      `UPDATE audit_links SET mac = sha256('x') WHERE position = 2`,
    );
    expect(await found()).to.deep.equal([
      { kind: 'link-changed', entryId: ids[2], position: 2 },
      { kind: 'entry-unproven', entryId: ids[2], position: 2 },
    ]);
  });

  it('is found out by an entry that was slipped in behind the seals', async () => {
    const slipped = newId();
    const copy = `INSERT INTO audit_entries SELECT (jsonb_populate_record(a, jsonb_build_object('uuid', '${slipped}'))).* FROM audit_entries AS a WHERE uuid = ${entry(2)}`;
    await world.sql(copy);
    expect(await found()).to.deep.equal([{ kind: 'entry-astray', entryId: slipped }]);
    await sealing.seal();
    expect(await found(), 'and not sealed later').to.deep.equal([{ kind: 'entry-astray', entryId: slipped }]);
  });

  for (const position of [7, 1_000_000_000_000, -1]) {
    it(`is found out by a link at ${String(position)} that hides an entry from the seals`, async () => {
      const slipped = newId();
      await tamper(
        'ALTER TABLE audit_links DROP CONSTRAINT IF EXISTS audit_links_position_check',
        `INSERT INTO audit_entries SELECT (jsonb_populate_record(a, jsonb_build_object('uuid', '${slipped}'))).* FROM audit_entries AS a WHERE uuid = ${entry(2)}`,
        `INSERT INTO audit_links SELECT ${String(position)}, '${slipped}', record_mac, mac FROM audit_links WHERE position = 2`,
      );
      expect(await found()).to.deep.equal([
        { kind: 'link-astray', position },
        { kind: 'entry-astray', entryId: slipped },
      ]);
    });
  }

  for (const [column, value] of Object.entries({
    previous_mac: `sha256('x')`,
    last_position: '6',
    entries: '1',
    horizon: `'7'`,
    batch_mac: `sha256('x')`,
    sealed_at: `'infinity'`,
    mac: `sha256('x')`,
  })) {
    it(`is found out by ${column} of a seal, which alone is named`, async () => {
      await tamper(`UPDATE audit_seals SET ${column} = ${value} WHERE number = 2`);
      expect(await found()).to.deep.equal([{ kind: 'seal-changed', number: 2 }]);
    });
  }

  for (const number of [1, 2]) {
    it(`is found out by the removal of seal ${String(number)} of 3`, async () => {
      await tamper(`DELETE FROM audit_seals WHERE number = ${String(number)}`);
      expect(await found()).to.deep.equal([{ kind: 'seals-removed', first: number, last: number }]);
    });
  }

  it('is found out where he cut the tail: seals, links and entries', async () => {
    await tamper(
      'DELETE FROM audit_seals WHERE number >= 2',
      'DELETE FROM audit_links WHERE position >= 4',
      `DELETE FROM audit_entries WHERE uuid IN (${ids
        .slice(4)
        .map((id) => `'${id}'`)
        .join()})`,
    );
    expect(await found()).to.deep.equal([{ kind: 'seals-removed', first: 2, last: 3 }]);
  });

  it('is found out where he cut the tail and told the head of it', async () => {
    await tamper(
      'DELETE FROM audit_seals WHERE number = 3',
      'DELETE FROM audit_links WHERE position = 6',
      'UPDATE audit_head SET number = 2',
    );
    expect((await found())[0]).to.deep.equal({ kind: 'head-changed' });
    await tamper('UPDATE audit_head SET mac = (SELECT mac FROM audit_seals WHERE number = 2)');
    expect((await found())[0]).to.deep.equal({ kind: 'head-changed' });
  });

  it('is found out where he took the head away, or everything but the entries', async () => {
    await tamper('DELETE FROM audit_head');
    expect(await found()).to.deep.equal([{ kind: 'head-removed' }]);
    await tamper('TRUNCATE audit_seals, audit_links');
    expect(await found()).to.deep.equal([{ kind: 'head-removed' }]);
  });

  it('is found out where he let the chain begin anew, and left something of it', async () => {
    await tamper('UPDATE audit_head SET number = 0, mac = NULL', 'DELETE FROM audit_seals WHERE number > 1');
    const kinds = (await found()).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'seal-astray')).to.have.length(1);
    expect(kinds.filter((kind) => kind === 'link-astray')).to.have.length(6);
  });

  it('is found out where he named a head that is far away', async () => {
    await tamper(`UPDATE audit_head SET number = ${String(2n ** 63n - 1n)}`);
    const [finding, ...others] = await found();
    expect(others).to.deep.equal([]);
    expect(finding).to.include({ kind: 'seals-removed', first: 4 });
  });

  it('finds nobody who goes on sealing for him', async () => {
    await add();
    for (const statement of [
      'UPDATE audit_head SET number = 2',
      `UPDATE audit_seals SET entries = 2, last_position = 5 WHERE number = 2`,
      'DELETE FROM audit_seals WHERE number = 2',
    ]) {
      await tamper(statement);
      const refused = await sealing.seal().catch((error: unknown) => error);
      expect(refused, statement).to.have.property('name', 'AuditChainBroken');
    }
    expect((await sealing.verify()).unsealed).to.equal(1);
  });

  it('is found out by a head that somebody noted, where he brought an older copy back', async () => {
    const { head: earlier } = await sealing.verify();
    expect((await sealing.verify(earlier)).findings).to.deep.equal([]);
    await add();
    await sealing.seal();
    const { head: noted } = await sealing.verify(earlier);
    expect(noted?.number).to.equal(4);
    await bringBack('untouched');
    expect(await found(), 'which no chain alone can show').to.deep.equal([]);
    const missing = [{ kind: 'noted-head-missing', number: 4 }];
    expect((await sealing.verify(noted)).findings).to.deep.equal(missing);
    await add();
    await sealing.seal();
    expect((await sealing.verify(noted)).findings, 'and grew another branch').to.deep.equal(missing);
    expect((await sealing.verify(earlier)).findings).to.deep.equal([]);
  });

  it('is found out by a seal that he took from another branch, and by its links', async () => {
    await add();
    await sealing.seal();
    await keep('branch');
    await bringBack('untouched');
    for (const count of [2, 1]) {
      for (let index = 0; index < count; index += 1) await add();
      await sealing.seal();
    }
    expect(await found()).to.deep.equal([]);
    await tamper(
      'DELETE FROM audit_seals WHERE number = 4',
      'INSERT INTO audit_seals SELECT * FROM branch.audit_seals WHERE number = 4',
    );
    expect(await found()).to.deep.equal([
      { kind: 'seal-replaced', number: 4 },
      { kind: 'seal-replaced', number: 5 },
    ]);
  });

  it('is found out by a link and its entry that he took from another branch', async () => {
    await add();
    await sealing.seal();
    await keep('other');
    await bringBack('untouched');
    await add();
    await sealing.seal();
    await tamper(
      'DELETE FROM audit_links WHERE position = 7',
      `DELETE FROM audit_entries WHERE uuid = '${ids.at(-1)!}'`,
      'INSERT INTO audit_links SELECT * FROM other.audit_links WHERE position = 7',
      'INSERT INTO audit_entries SELECT * FROM other.audit_entries ON CONFLICT DO NOTHING',
    );
    expect(await found()).to.deep.equal([{ kind: 'seal-replaced', number: 4 }]);
  });
});
