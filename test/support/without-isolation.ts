import type { UnitOfWork } from '../../src/application/ports/unit-of-work.ts';

/**
 * The unit of work in which others are seen to change records between one call and the next, as a database does at its weakest
 * level: there a save is what finds out.
 */
export const withoutIsolation = (unitOfWork: UnitOfWork): UnitOfWork => ({
  stores: (tenantId) => unitOfWork.stores(tenantId),
  run: (tenantId, work) => work(unitOfWork.stores(tenantId), (other) => unitOfWork.stores(other)),
});
