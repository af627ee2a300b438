import type { SystemActor, UserActor } from '../access/actor.ts';
import type { UserId } from '../shared/ids.ts';

/** Which cases a reader may see. Cases that were voided are seen by admins only. */
export type CaseScope =
  /** His own, in his tenant. */
  | { readonly kind: 'patient'; readonly patientId: UserId }
  /** Those that the physician has whose user this is; where he is of the practice, of any tenant. */
  | { readonly kind: 'physician'; readonly userId: UserId }
  /** Those that physicians of the tenant may ever be given: its own, and of every tenant where it is the practice. */
  | { readonly kind: 'reach' }
  /** All of the tenant. */
  | { readonly kind: 'tenant' };

/** The scopes that are listed. What is within reach is not: it is the queue that shows it. */
export type ListedScope = Exclude<CaseScope, { readonly kind: 'reach' }>;

/** A patient sees his own cases, a physician those he has, an admin (and the installation itself) all of the tenant. */
export function caseScopeOf(actor: UserActor | SystemActor): ListedScope {
  if (actor.kind === 'system' || actor.role === 'admin') return { kind: 'tenant' };
  return actor.role === 'patient'
    ? { kind: 'patient', patientId: actor.userId }
    : { kind: 'physician', userId: actor.userId };
}

/** Whether cases seen in this scope are seen with their text: an admin sees cases without it. */
export const mayReadText = ({ kind }: CaseScope): boolean => kind === 'patient' || kind === 'physician';
