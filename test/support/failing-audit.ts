import type { Stores, UnitOfWork } from '../../src/application/ports/unit-of-work.ts';

/** What a trail says that takes nothing. */
export const AUDIT_FAULT = 'The audit trail takes nothing.';

/** The unit of work with an audit trail that cannot be written, as when its disk is full. */
export function failingAudit(unitOfWork: UnitOfWork): UnitOfWork {
  const withFault = (stores: Stores): Stores => ({
    ...stores,
    audit: { add: () => Promise.reject(new Error(AUDIT_FAULT)) },
  });
  return {
    stores: (tenantId) => withFault(unitOfWork.stores(tenantId)),
    run: (tenantId, work) => unitOfWork.run(tenantId, (stores) => work(withFault(stores))),
  };
}
