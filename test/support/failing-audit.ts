import type { Stores, UnitOfWork } from '../../src/application/ports/unit-of-work.ts';

/** What a trail says that takes nothing. */
export const AUDIT_FAULT = 'The audit trail takes nothing.';

/** The unit of work with an audit trail that cannot be written, as when its disk is full. */
export function failingAudit(unitOfWork: UnitOfWork): UnitOfWork {
  // Cases are kept with their entry in one statement, so that it fails as a whole.
  const withFault = (stores: Stores): Stores => ({
    ...stores,
    audit: failingAt(stores.audit, ['add']),
    cases: failingAt(stores.cases, ['add', 'adoptLegacy', 'save']),
  });
  return {
    stores: (tenantId) => withFault(unitOfWork.stores(tenantId)),
    run: (tenantId, work) =>
      unitOfWork.run(tenantId, (stores, elsewhere) =>
        work(withFault(stores), (other) => withFault(elsewhere(other))),
      ),
  };
}

/** The store, with methods that always fail. */
const failingAt = <Store extends object>(store: Store, methods: readonly (keyof Store)[]): Store =>
  new Proxy(store, {
    get: (target, name) => {
      if (methods.some((method) => method === name)) return () => Promise.reject(new Error(AUDIT_FAULT));
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function'
        ? (...given: readonly unknown[]): unknown => Reflect.apply(member, target, given)
        : member;
    },
  });
