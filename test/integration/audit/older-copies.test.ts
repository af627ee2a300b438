import { expect } from 'chai';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { type SealedTrail, sealedTrail } from './sealed-trail.ts';

describe('Whoever sets the audit trail back, with all rights of a superuser,', () => {
  let trail: SealedTrail;

  before(async () => {
    trail = await sealedTrail();
  });
  after(() => trail.close());
  afterEach(() => trail.reset());

  it('is found out where he let the chain begin anew, and left something of it', async () => {
    await trail.tamper(
      'UPDATE audit_head SET number = 0, mac = NULL',
      'DELETE FROM audit_seals WHERE number > 1',
    );
    const kinds = (await trail.found()).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'seal-astray')).to.have.length(1);
    expect(kinds.filter((kind) => kind === 'link-astray')).to.have.length(6);
  });

  it('is found out where he let the chain begin anew and left nothing of it: by old entries, the service, and a noted head', async () => {
    expect(await trail.seal()).to.equal(0);
    const { head: noted } = await trail.verify();
    await trail.tamper(
      `UPDATE audit_entries SET action = 'x.y' WHERE uuid = ${trail.entry(2)}`,
      'TRUNCATE audit_links, audit_seals',
      'UPDATE audit_head SET number = 0, mac = NULL',
    );
    expect(await trail.found()).to.deep.equal([{ kind: 'chain-missing' }]);
    expect(await failureOf(trail.seal()), 'under a running service').to.have.property(
      'name',
      'AuditChainBroken',
    );

    trail.restart();
    expect(await trail.seal(), 'by a service that has seen nothing').to.equal(6);
    expect(await trail.found(), 'which nothing in the database can show').to.deep.equal([]);
    expect((await trail.verify(noted)).findings).to.deep.equal([{ kind: 'noted-head-missing', number: 3 }]);
  });

  it('is not found out by entries that wait for the first seal, as long as they are fresh', async () => {
    await trail.tamper(
      'TRUNCATE audit_links, audit_seals',
      'UPDATE audit_head SET number = 0, mac = NULL',
      `UPDATE audit_entries SET at = now() - interval '9 minutes'`,
    );
    expect(await trail.found()).to.deep.equal([]);
    await trail.tamper(
      `UPDATE audit_entries SET at = now() - interval '11 minutes' WHERE uuid = ${trail.entry(6)}`,
    );
    expect(await trail.found()).to.deep.equal([{ kind: 'chain-missing' }]);
  });

  it('is found out by a head that somebody noted, where he brought an older copy back', async () => {
    const { head: earlier } = await trail.verify();
    expect((await trail.verify(earlier)).findings).to.deep.equal([]);
    await trail.add();
    await trail.seal();
    const { head: noted } = await trail.verify(earlier);
    expect(noted?.number).to.equal(4);
    await trail.bringBack('untouched');
    expect(await trail.found(), 'which no chain alone can show').to.deep.equal([]);
    const missing = [{ kind: 'noted-head-missing', number: 4 }];
    expect((await trail.verify(noted)).findings).to.deep.equal(missing);
    await trail.add();
    expect(await failureOf(trail.seal()), 'nor sealed on under a running service').to.have.property(
      'name',
      'AuditChainBroken',
    );
    trail.restart();
    await trail.seal();
    expect((await trail.verify(noted)).findings, 'and grew another branch').to.deep.equal(missing);
    expect((await trail.verify(earlier)).findings).to.deep.equal([]);
  });

  it('is found out by a seal that he took from another branch, and by its links', async () => {
    await trail.add();
    await trail.seal();
    await trail.keep('branch');
    await trail.bringBack('untouched');
    trail.restart();
    for (const count of [2, 1]) {
      for (let index = 0; index < count; index += 1) await trail.add();
      await trail.seal();
    }
    expect(await trail.found()).to.deep.equal([]);
    await trail.tamper(
      'DELETE FROM audit_seals WHERE number = 4',
      'INSERT INTO audit_seals SELECT * FROM branch.audit_seals WHERE number = 4',
    );
    expect(await trail.found()).to.deep.equal([
      { kind: 'seal-replaced', number: 4 },
      { kind: 'seal-replaced', number: 5 },
    ]);
  });

  it('is found out by a link and its entry that he took from another branch', async () => {
    await trail.add();
    await trail.seal();
    await trail.keep('other');
    await trail.bringBack('untouched');
    trail.restart();
    await trail.add();
    await trail.seal();
    await trail.tamper(
      'DELETE FROM audit_links WHERE position = 7',
      `DELETE FROM audit_entries WHERE uuid = '${trail.ids.at(-1)!}'`,
      'INSERT INTO audit_links SELECT * FROM other.audit_links WHERE position = 7',
      'INSERT INTO audit_entries SELECT * FROM other.audit_entries ON CONFLICT DO NOTHING',
    );
    expect(await trail.found()).to.deep.equal([{ kind: 'seal-replaced', number: 4 }]);
  });
});
