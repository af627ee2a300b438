import { expect } from 'chai';
import { newId } from '../../contracts/stores/fixtures.ts';
import { type SealedTrail, sealedTrail } from './sealed-trail.ts';

/** A transaction that no horizon has reached. */
const FUTURE = 1_000_000_000;

describe('Whoever puts a row into the audit trail twice, with all rights of a superuser,', () => {
  let trail: SealedTrail;

  before(async () => {
    trail = await sealedTrail();
  });
  after(() => trail.close());
  afterEach(() => trail.reset());

  for (const change of ['', `, 'action', 'x.y'`]) {
    it(`is found out by another entry under the id of a sealed one${change && ', that tells something else'}`, async () => {
      await trail.unkeyed('audit_entries', async () => {
        await trail.tamper(
          `INSERT INTO audit_entries SELECT (jsonb_populate_record(a, jsonb_build_object('xact', ${FUTURE}::text${change}))).* FROM audit_entries AS a WHERE uuid = ${trail.entry(2)}`,
        );
        const findings = await trail.found();
        expect(findings).to.deep.include({ kind: 'entry-doubled', entryId: trail.ids[2] });
        // Which of the two is held against the link is left to the database.
        const changed = { kind: 'entry-changed', entryId: trail.ids[2], position: 2 };
        expect([{ kind: 'entry-doubled', entryId: trail.ids[2] }, changed]).to.deep.include.members([
          ...findings,
        ]);
        expect(await trail.seal(), 'and never sealed').to.equal(0);
      });
    });
  }

  it('is found out by a link that is there twice, and by one under the position of another', async () => {
    await trail.unkeyed('audit_links', async () => {
      await trail.tamper('INSERT INTO audit_links SELECT * FROM audit_links WHERE position = 2');
      expect(await trail.found()).to.deep.equal([{ kind: 'seal-replaced', number: 1 }]);
      const slipped = newId();
      await trail.tamper(
        `INSERT INTO audit_links SELECT position, '${slipped}', record_mac, mac FROM audit_links WHERE position = 5`,
      );
      expect(await trail.found()).to.deep.equal([
        { kind: 'seal-replaced', number: 1 },
        { kind: 'link-changed', entryId: slipped, position: 5 },
      ]);
    });
  });

  it('hides neither of the two between two steps of a verification', async () => {
    const { auditSeals, entry, ids } = trail;
    await trail.unkeyed('audit_entries', async () => {
      await trail.tamper(`INSERT INTO audit_entries SELECT * FROM audit_entries WHERE uuid = ${entry(2)}`);
      const walk = { after: null, lastPosition: 6, horizon: null, limit: 2 };
      expect(await auditSeals.walkEntries(walk)).to.deep.include({
        entries: 3,
        doubled: [ids[2]],
        next: ids[2],
      });
    });
    await trail.unkeyed('audit_links', async () => {
      await trail.tamper('INSERT INTO audit_links SELECT * FROM audit_links WHERE position = 2');
      const links = await auditSeals.listLinks(1, 6, 2);
      expect(links.map(({ position }) => position)).to.deep.equal([1, 2, 2]);
    });
    await trail.unkeyed('audit_seals', async () => {
      await trail.tamper('INSERT INTO audit_seals SELECT * FROM audit_seals WHERE number = 2');
      expect((await auditSeals.listSeals(0, 3, 2)).map(({ number }) => number)).to.deep.equal([1, 2, 2]);
    });
  });

  it('is found out by a seal that is there twice', async () => {
    await trail.unkeyed('audit_seals', async () => {
      await trail.tamper('INSERT INTO audit_seals SELECT * FROM audit_seals WHERE number = 2');
      expect(await trail.found()).to.deep.equal([{ kind: 'seal-replaced', number: 2 }]);
    });
  });
});
