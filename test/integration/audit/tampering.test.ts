import { expect } from 'chai';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { newId } from '../../contracts/stores/fixtures.ts';
import { type SealedTrail, sealedTrail } from './sealed-trail.ts';

describe('Whoever tampers with the audit trail, with all rights of a superuser,', () => {
  let trail: SealedTrail;

  before(async () => {
    trail = await sealedTrail();
  });
  after(() => trail.close());
  afterEach(() => trail.reset());

  it('is not seen where nobody is: all is intact, and the entries that wait are counted', async () => {
    await trail.add();
    const { head, ...verdict } = await trail.verify();
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
      await trail.tamper(`UPDATE audit_entries SET ${column} = ${value} WHERE uuid = ${trail.entry(2)}`);
      expect(await trail.found()).to.deep.equal([
        { kind: 'entry-changed', entryId: trail.ids[2], position: 2 },
      ]);
    });
  }

  it('is found out by a change of the time to one that no calendar has', async () => {
    await trail.tamper(`UPDATE audit_entries SET at = 'infinity' WHERE uuid = ${trail.entry(2)}`);
    expect(await trail.found()).to.deep.equal([
      { kind: 'entry-changed', entryId: trail.ids[2], position: 2 },
    ]);
  });

  it('is found out by the id of an entry, as one removed and one that was slipped in', async () => {
    const other = newId();
    await trail.tamper(`UPDATE audit_entries SET uuid = '${other}' WHERE uuid = ${trail.entry(4)}`);
    expect(await trail.found()).to.deep.equal([
      { kind: 'entry-removed', entryId: trail.ids[4], position: 4 },
      { kind: 'entry-astray', entryId: other },
    ]);
  });

  for (const position of [1, 2, 6]) {
    it(`is found out by the removal of entry ${String(position)} of 6`, async () => {
      await trail.tamper(`DELETE FROM audit_entries WHERE uuid = ${trail.entry(position)}`);
      expect(await trail.found()).to.deep.equal([
        { kind: 'entry-removed', entryId: trail.ids[position], position },
      ]);
    });
  }

  it('is found out by each of several entries', async () => {
    await trail.tamper(
      `UPDATE audit_entries SET action = 'x.y' WHERE uuid IN (${trail.entry(1)}, ${trail.entry(5)})`,
      `DELETE FROM audit_entries WHERE uuid = ${trail.entry(3)}`,
    );
    expect(await trail.found()).to.deep.equal([
      { kind: 'entry-changed', entryId: trail.ids[1], position: 1 },
      { kind: 'entry-removed', entryId: trail.ids[3], position: 3 },
      { kind: 'entry-changed', entryId: trail.ids[5], position: 5 },
    ]);
  });

  it('is found out by two entries that changed what they tell', async () => {
    await trail.tamper(
      `UPDATE audit_entries AS a SET action = b.action, details = b.details, at = b.at FROM audit_entries AS b
         WHERE (a.uuid, b.uuid) IN ((${trail.entry(1)}, ${trail.entry(5)}), (${trail.entry(5)}, ${trail.entry(1)}))`,
    );
    expect(await trail.found()).to.deep.equal([
      { kind: 'entry-changed', entryId: trail.ids[1], position: 1 },
      { kind: 'entry-changed', entryId: trail.ids[5], position: 5 },
    ]);
  });

  it('is found out by two links that changed places', async () => {
    await trail.tamper(
      'UPDATE audit_links SET position = 100 WHERE position = 2',
      'UPDATE audit_links SET position = 2 WHERE position = 4',
      'UPDATE audit_links SET position = 4 WHERE position = 100',
    );
    expect(await trail.found()).to.deep.equal([
      { kind: 'link-changed', entryId: trail.ids[4], position: 2 },
      { kind: 'link-changed', entryId: trail.ids[2], position: 4 },
    ]);
  });

  it('is found out by a link that was removed, with the entry that nothing proves any more', async () => {
    await trail.tamper('DELETE FROM audit_links WHERE position = 2');
    expect(await trail.found()).to.deep.equal([
      { kind: 'links-removed', first: 2, last: 2 },
      { kind: 'entry-astray', entryId: trail.ids[2] },
    ]);
  });

  for (const column of ['mac', 'record_mac']) {
    it(`is found out by ${column} of a link, which still proves its entry`, async () => {
      await trail.tamper(`UPDATE audit_links SET ${column} = sha256('x') WHERE position = 2`);
      expect(await trail.found()).to.deep.equal([
        { kind: 'link-changed', entryId: trail.ids[2], position: 2 },
      ]);
    });
  }

  it('is found out where he changed an entry and its link', async () => {
    await trail.tamper(
      `UPDATE audit_entries SET action = 'x.y' WHERE uuid = ${trail.entry(2)}`,
      `UPDATE audit_links SET mac = sha256('x') WHERE position = 2`,
    );
    expect(await trail.found()).to.deep.equal([
      { kind: 'link-changed', entryId: trail.ids[2], position: 2 },
      { kind: 'entry-unproven', entryId: trail.ids[2], position: 2 },
    ]);
  });

  it('is found out by an entry that was slipped in behind the seals', async () => {
    const slipped = newId();
    const copy = `INSERT INTO audit_entries SELECT (jsonb_populate_record(a, jsonb_build_object('uuid', '${slipped}'))).* FROM audit_entries AS a WHERE uuid = ${trail.entry(2)}`;
    await trail.tamper(copy);
    expect(await trail.found()).to.deep.equal([{ kind: 'entry-astray', entryId: slipped }]);
    await trail.seal();
    expect(await trail.found(), 'and not sealed later').to.deep.equal([
      { kind: 'entry-astray', entryId: slipped },
    ]);
  });

  for (const position of [7, 1_000_000_000_000, -1]) {
    it(`is found out by a link at ${String(position)} that hides an entry from the seals`, async () => {
      const slipped = newId();
      await trail.tamper(
        'ALTER TABLE audit_links DROP CONSTRAINT IF EXISTS audit_links_position_check',
        `INSERT INTO audit_entries SELECT (jsonb_populate_record(a, jsonb_build_object('uuid', '${slipped}'))).* FROM audit_entries AS a WHERE uuid = ${trail.entry(2)}`,
        `INSERT INTO audit_links SELECT ${String(position)}, '${slipped}', record_mac, mac FROM audit_links WHERE position = 2`,
      );
      expect(await trail.found()).to.deep.equal([
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
      await trail.tamper(`UPDATE audit_seals SET ${column} = ${value} WHERE number = 2`);
      expect(await trail.found()).to.deep.equal([{ kind: 'seal-changed', number: 2 }]);
    });
  }

  for (const number of [1, 2]) {
    it(`is found out by the removal of seal ${String(number)} of 3`, async () => {
      await trail.tamper(`DELETE FROM audit_seals WHERE number = ${String(number)}`);
      expect(await trail.found()).to.deep.equal([{ kind: 'seals-removed', first: number, last: number }]);
    });
  }

  it('is found out where he cut the tail: seals, links and entries', async () => {
    await trail.tamper(
      'DELETE FROM audit_seals WHERE number >= 2',
      'DELETE FROM audit_links WHERE position >= 4',
      `DELETE FROM audit_entries WHERE uuid IN (${trail.ids
        .slice(4)
        .map((id) => `'${id}'`)
        .join()})`,
    );
    expect(await trail.found()).to.deep.equal([{ kind: 'seals-removed', first: 2, last: 3 }]);
  });

  it('is found out where he cut the tail and told the head of it', async () => {
    await trail.tamper(
      'DELETE FROM audit_seals WHERE number = 3',
      'DELETE FROM audit_links WHERE position = 6',
      'UPDATE audit_head SET number = 2',
    );
    expect((await trail.found())[0]).to.deep.equal({ kind: 'head-changed' });
    await trail.tamper('UPDATE audit_head SET mac = (SELECT mac FROM audit_seals WHERE number = 2)');
    expect((await trail.found())[0]).to.deep.equal({ kind: 'head-changed' });
  });

  it('is found out where he took the head away, or everything but the entries', async () => {
    await trail.tamper('DELETE FROM audit_head');
    expect(await trail.found()).to.deep.equal([{ kind: 'head-removed' }]);
    await trail.tamper('TRUNCATE audit_seals, audit_links');
    expect(await trail.found()).to.deep.equal([{ kind: 'head-removed' }]);
  });

  it('is found out where he named a head that is far away', async () => {
    await trail.tamper(`UPDATE audit_head SET number = ${String(2n ** 63n - 1n)}`);
    const [finding, ...others] = await trail.found();
    expect(others).to.deep.equal([]);
    expect(finding).to.include({ kind: 'seals-removed', first: 4 });
  });

  it('finds nobody who goes on sealing for him', async () => {
    await trail.add();
    for (const statement of [
      'UPDATE audit_head SET number = 2',
      `UPDATE audit_seals SET entries = 2, last_position = 5 WHERE number = 2`,
      'DELETE FROM audit_seals WHERE number = 2',
    ]) {
      await trail.tamper(statement);
      trail.restart();
      const refused = await failureOf(trail.seal());
      expect(refused, statement).to.have.property('name', 'AuditChainBroken');
    }
    expect((await trail.verify()).unsealed).to.equal(1);
  });
});
