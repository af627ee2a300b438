import { expect } from 'chai';
import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import { at, newEntry, newId, plantTenant } from './fixtures.ts';
import { atOnce, failureOf, undo } from './expectations.ts';
import type { OpenWorld } from './store-world.ts';

/** What every `AuditTrail` keeps. */
export function auditTrailContract(name: string, open: OpenWorld<'unitOfWork' | 'readAudit'>): void {
  describe(`${name} as an AuditTrail`, () => {
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
  });
}
