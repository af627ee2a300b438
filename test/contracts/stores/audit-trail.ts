import { expect } from 'chai';
import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import type { AuditFilter } from '../../../src/application/ports/stores/audit-trail.ts';
import type { TenantId } from '../../../src/domain/shared/ids.ts';
import { at, newEntry, newId, plantTenant } from './fixtures.ts';
import { atOnce, everyPage, failureOf, undo } from './expectations.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

/** Lets every entry pass. */
const ANY: AuditFilter = { actorId: null, action: null, subject: null, from: null, to: null };

/** What every `AuditTrail` keeps. */
export function auditTrailContract(name: string, open: OpenWorld<'unitOfWork' | 'readAudit'>): void {
  describe(`${name} as an AuditTrail`, () => {
    addingContract(open);
    listingContract(open);
  });
}

function addingContract(open: OpenWorld<'unitOfWork' | 'readAudit'>): void {
  it('keeps exactly what was added, whoever acted', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const entries: readonly AuditEntry[] = [
      newEntry(tenantId, {
        actor: { kind: 'user', id: newId() },
        subject: { type: 'user', id: newId() },
        details: { role: 'admin', isActive: false, count: 3, reason: null },
        at: at(1),
      }),
      newEntry(tenantId, { actor: { kind: 'anonymous' }, at: at(2) }),
      newEntry(tenantId, { actor: { kind: 'system' }, at: at(3) }),
    ];
    for (const entry of entries) await world.unitOfWork.stores(tenantId).audit.add(entry);
    expect(await world.readAudit(tenantId)).to.deep.equal(entries);
  });

  it('keeps all of many entries added at once', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    await atOnce(20, () => world.unitOfWork.stores(tenantId).audit.add(newEntry(tenantId)));
    expect(await world.readAudit(tenantId)).to.have.length(20);
  });

  it('takes no entry for the trail of another tenant', async () => {
    const world = await open();
    const [own, other] = [await plantTenant(world), await plantTenant(world)];
    await failureOf(world.unitOfWork.stores(own.id).audit.add(newEntry(other.id)));
    expect(await world.readAudit(other.id)).to.deep.equal([]);
  });

  it('keeps no entry of a unit of work that failed', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    await undo(world, tenantId, ({ audit }) => audit.add(newEntry(tenantId)));
    expect(await world.readAudit(tenantId)).to.deep.equal([]);
  });
}

/** Reads what the filter lets pass, page by page of two. */
const listed = (
  { unitOfWork }: Pick<StoreWorld, 'unitOfWork'>,
  tenantId: TenantId,
  filter: Partial<AuditFilter> = {},
): Promise<readonly AuditEntry[]> =>
  everyPage(async (request) => {
    const page = await unitOfWork.stores(tenantId).audit.list({ ...ANY, ...filter }, request);
    return { ...page, items: page.items.map((entry) => ({ ...entry, createdAt: entry.at })) };
  }, 2).then((items) => items.map(({ createdAt: _createdAt, ...entry }) => entry));

function listingContract(open: OpenWorld<'unitOfWork' | 'readAudit'>): void {
  /** Entries of one tenant, of every combination of two actors, two actions and two subjects, a second apart, newest first. */
  async function plant(world: Pick<StoreWorld, 'unitOfWork'>) {
    const { id: tenantId } = await plantTenant(world);
    const actors = [newId(), newId()];
    const subjects = [
      { type: 'case', id: newId() },
      { type: 'user', id: newId() },
    ];
    const entries = Array.from({ length: 8 }, (_, index) =>
      newEntry(tenantId, {
        actor: { kind: 'user', id: actors[index & 1]! },
        action: index & 2 ? 'cases.claimed' : 'cases.text-read',
        subject: subjects[(index & 4) / 4]!,
        at: at(index),
      }),
    ).toReversed();
    for (const entry of entries) await world.unitOfWork.stores(tenantId).audit.add(entry);
    return { tenantId, actors, subjects, entries };
  }

  it('lists every entry, newest first, and of one moment the greater id first', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const entries = Array.from({ length: 5 }, (_, index) => newEntry(tenantId, { at: at(index >> 1) }));
    for (const entry of entries) await world.unitOfWork.stores(tenantId).audit.add(entry);
    const expected = entries.toSorted((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1));
    expect(await listed(world, tenantId)).to.deep.equal(expected);
  });

  it('lists what each filter lets pass, and every combination of them', async () => {
    const world = await open();
    const { actors, entries, subjects, tenantId } = await plant(world);
    const [actorId, subject] = [actors[1]!, subjects[1]!];
    for (let chosen = 0; chosen < 32; chosen += 1) {
      const filter: AuditFilter = {
        actorId: chosen & 1 ? actorId : null,
        action: chosen & 2 ? 'cases.claimed' : null,
        subject: chosen & 4 ? { type: chosen & 8 ? subject.type : null, id: subject.id } : null,
        from: chosen & 16 ? at(1) : null,
        to: chosen & 16 ? at(7) : null,
      };
      const expected = entries.filter(
        (entry) =>
          (!(chosen & 1) || (entry.actor.kind === 'user' && entry.actor.id === actorId)) &&
          (!(chosen & 2) || entry.action === 'cases.claimed') &&
          (!(chosen & 4) || entry.subject?.id === subject.id) &&
          (!(chosen & 16) || (entry.at >= at(1) && entry.at < at(7))),
      );
      expect(await listed(world, tenantId, filter), JSON.stringify(filter)).to.deep.equal(expected);
    }
  });

  it('lists nothing of a subject of another type, and of nobody that is not there', async () => {
    const world = await open();
    const { subjects, tenantId } = await plant(world);
    const { id } = subjects[0]!;
    expect(await listed(world, tenantId, { subject: { type: 'session', id } })).to.deep.equal([]);
    expect(await listed(world, tenantId, { actorId: newId() })).to.deep.equal([]);
    expect(await listed(world, tenantId, { action: 'cases.closed' })).to.deep.equal([]);
  });

  it('lists from a time on, and before another', async () => {
    const world = await open();
    const { entries, tenantId } = await plant(world);
    expect(await listed(world, tenantId, { from: at(7) })).to.deep.equal(entries.slice(0, 1));
    expect(await listed(world, tenantId, { to: at(1) })).to.deep.equal(entries.slice(-1));
    expect(await listed(world, tenantId, { from: at(3), to: at(3) })).to.deep.equal([]);
  });

  it('lists nothing of the trail of another tenant, whatever is asked for', async () => {
    const world = await open();
    const { actors, subjects } = await plant(world);
    const { id: other } = await plantTenant(world);
    for (const filter of [
      {},
      { actorId: actors[0]! },
      { action: 'cases.claimed' },
      { subject: { type: null, id: subjects[0]!.id } },
    ]) {
      expect(await listed(world, other, filter)).to.deep.equal([]);
    }
  });
}
