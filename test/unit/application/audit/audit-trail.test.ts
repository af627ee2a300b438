import { expect } from 'chai';
import type { AuditFilter } from '../../../../src/application/ports/stores/audit-trail.ts';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { AuditChainBroken } from '../../../../src/domain/audit/audit-chain-broken.ts';
import type { ChainFinding } from '../../../../src/domain/audit/chain-finding.ts';
import { AUDIT_HEAD_KEY } from '../../../../src/adapters/memory/memory-tables.ts';
import { ANONYMOUS, someActors, SYSTEM, systemOf } from '../../../support/builders.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

const ANY: AuditFilter = { actorId: null, action: null, subject: null, from: null, to: null };
const PAGE = { limit: 100, after: null };

describe('The audit trail', () => {
  let here: World;
  beforeEach(() => {
    here = world();
  });

  const seal = async (actor: Actor = SYSTEM) =>
    (await here.app.audit.sealAuditTrail.execute({ actor })).sealed;

  async function verify(actor: Actor = SYSTEM) {
    const findings: ChainFinding[] = [];
    const progress: (readonly [number, number])[] = [];
    const verdict = await here.app.audit.verifyAuditTrail.execute({
      actor,
      noted: null,
      onFinding: (finding) => findings.push(finding),
      onProgress: (done, total) => progress.push([done, total]),
    });
    expect(verdict.findings).to.equal(findings.length);
    return { ...verdict, findings, progress };
  }

  it('is sealed and verified by nobody but the installation itself', async () => {
    await here.patient();
    for (const actor of Object.values(someActors()).filter(({ kind }) => kind !== 'system')) {
      const refused = actor.kind === 'user' ? Forbidden : Unauthenticated;
      expect(await refusalOf(seal(actor))).to.be.instanceOf(refused);
      expect(await refusalOf(verify(actor))).to.be.instanceOf(refused);
    }
    expect(await here.rows('auditSeals')).to.deep.equal([]);
  });

  it('is sealed as it grows, and found intact', async () => {
    expect(await verify()).to.include({ entries: 0, seals: 0, unsealed: 0, head: null });
    await here.patient();
    const entries = (await here.audited()).length;
    expect(await verify()).to.include({ entries, seals: 0, unsealed: entries });
    expect(await seal()).to.equal(entries);
    expect(await seal()).to.equal(0);
    await here.patient();
    expect(await seal()).to.equal(entries);
    const { findings, head, progress, ...verdict } = await verify();
    expect(verdict).to.deep.equal({ entries: 2 * entries, seals: 2, unsealed: 0 });
    expect(findings).to.deep.equal([]);
    expect(head?.number).to.equal(2);
    expect(progress.at(-1)).to.deep.equal([4 * entries, 4 * entries]);
  });

  it('is sealed once by many who do so at once', async () => {
    for (let index = 0; index < 3; index += 1) await here.patient();
    const entries = (await here.audited()).length;
    const counts = await Promise.all(Array.from({ length: 6 }, () => seal()));
    expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(entries);
    expect((await verify()).findings).to.deep.equal([]);
  });

  it('is not sealed on from an end that somebody has changed', async () => {
    await here.patient();
    await seal();
    await here.patient();
    await here.adapters.database.write((tables) =>
      tables.auditHead.set(AUDIT_HEAD_KEY, { number: 1, mac: new Uint8Array(32) }),
    );
    expect(await seal().catch((error: unknown) => error)).to.be.instanceOf(AuditChainBroken);
    expect((await verify()).findings).to.deep.equal([{ kind: 'head-changed' }]);
  });

  it('is not sealed on from a seal that somebody has changed', async () => {
    await here.patient();
    await seal();
    await here.adapters.database.write((tables) =>
      tables.auditSeals.set(1, { ...tables.auditSeals.get(1)!, horizon: '99' }),
    );
    expect(await seal().catch((error: unknown) => error)).to.be.instanceOf(AuditChainBroken);
    const { findings, head } = await verify();
    expect(findings).to.deep.equal([{ kind: 'seal-changed', number: 1 }]);
    expect(head).to.equal(null);
  });

  it('names what is wrong once, and nothing that is right', async () => {
    await here.patient();
    await seal();
    const [entry] = await here.audited();
    await here.adapters.database.write((tables) =>
      tables.auditEntries.set(entry!.id, { ...entry!, action: 'access.signed-out' }),
    );
    expect((await verify()).findings).to.deep.equal([
      { kind: 'entry-changed', entryId: entry!.id, position: 1 },
    ]);
  });

  describe('as admins read it', () => {
    const list = (actor: Actor, filter: Partial<AuditFilter> = {}) =>
      here.app.audit.listAuditEntries.execute({ actor, filter: { ...ANY, ...filter }, page: PAGE });

    it('is their own tenant only', async () => {
      const tenant = await here.tenant();
      const [own, other] = [await here.member('admin'), await here.member('admin', { tenant })];
      const all = await here.audited();
      for (const { actor } of [own, other]) {
        const { items } = await list(actor);
        expect(items.length).to.be.at.least(2);
        expect(items).to.have.deep.members(all.filter(({ tenantId }) => tenantId === actor.tenantId));
      }
    });

    it('is narrowed as they ask', async () => {
      const { actor, user } = await here.member('admin');
      await here.patient();
      const { items } = await list(actor, { actorId: user.id, action: 'access.signed-in' });
      expect(items.map(({ action, actor: who }) => [action, who])).to.deep.equal([
        ['access.signed-in', { kind: 'user', id: user.id }],
      ]);
    });

    it('is shown to nobody else', async () => {
      for (const role of ['patient', 'physician'] as const) {
        const { actor } = await here.member(role);
        expect(await refusalOf(list(actor))).to.be.instanceOf(Forbidden);
      }
      expect(await refusalOf(list(ANONYMOUS))).to.be.instanceOf(Unauthenticated);
      const { id } = await here.tenant();
      expect((await list(systemOf(id))).items).to.deep.equal([]);
    });
  });
});
