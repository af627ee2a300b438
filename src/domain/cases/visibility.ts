import type { SystemActor, UserActor } from '../access/actor.ts';
import type { UserId } from '../shared/ids.ts';

/** Which of a tenant's cases a reader may see. */
export type CaseScope =
  | { readonly kind: 'patient'; readonly patientId: UserId }
  /** `userId` is the user behind the physician. */
  | { readonly kind: 'physician'; readonly userId: UserId }
  | { readonly kind: 'tenant' };

/** A patient sees his own cases, a physician those assigned to him, an admin (and the installation itself) all of the tenant. */
export function caseScopeOf(actor: UserActor | SystemActor): CaseScope {
  if (actor.kind === 'system' || actor.role === 'admin') return { kind: 'tenant' };
  return actor.role === 'patient'
    ? { kind: 'patient', patientId: actor.userId }
    : { kind: 'physician', userId: actor.userId };
}

/** Whether cases seen in this scope are seen with their text: an admin sees cases without it. */
export const mayReadText = (scope: CaseScope): boolean => scope.kind !== 'tenant';
