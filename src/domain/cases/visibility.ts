import type { Actor } from '../access/actor.ts';
import type { TenantId, UserId } from '../shared/ids.ts';

/** Whose cases a reader may see. */
export type CaseScope =
  | { readonly kind: 'patient'; readonly patientId: UserId }
  | { readonly kind: 'physician'; readonly userId: UserId }
  | { readonly kind: 'tenant'; readonly tenantId: TenantId };

/**
 * What an actor may see of his tenant's cases: a patient his own, a physician those assigned to him, an admin (and the
 * installation itself) all. Nobody else sees any: `null`.
 */
export function caseScopeOf(actor: Actor): CaseScope | null {
  if (actor.kind === 'anonymous') return null;
  if (actor.kind === 'system' || actor.role === 'admin') return { kind: 'tenant', tenantId: actor.tenantId };
  return actor.role === 'patient'
    ? { kind: 'patient', patientId: actor.userId }
    : { kind: 'physician', userId: actor.userId };
}

/**
 * Whether cases seen in this scope are seen with their text: the patient's own and the assignee's are, an admin sees cases
 * without it.
 */
export const mayReadText = (scope: CaseScope): boolean => scope.kind !== 'tenant';
