import type { Role } from '../identity/user.ts';
import { DEFAULT_TENANT_ID } from '../shared/ids.ts';
import type { Actor, SystemActor, UserActor } from './actor.ts';
import { Forbidden, Unauthenticated } from './errors.ts';

/** Who may do an act: the roles, and whether only those of the practice itself (the `default` tenant). */
interface Rule {
  readonly roles: readonly Role[];
  readonly practiceOnly?: true;
  /** Whether somebody without a credential may do it too, where the installation allows it. */
  readonly anonymous?: true;
}

const EVERYONE = ['patient', 'physician', 'admin'] as const;

/**
 * The policy: every act that is not open to everybody has a line here, and only here. Routes, use cases, tests and docs read this
 * table; what is not in it is denied.
 */
export const POLICY = {
  'account.read': { roles: EVERYONE },
  'account.write': { roles: EVERYONE },
  'sessions.manage': { roles: EVERYONE },
  'users.read': { roles: ['admin'] },
  'users.write': { roles: ['admin'] },
  'tenants.manage': { roles: ['admin'], practiceOnly: true },
  'cases.submit': { roles: ['patient'], anonymous: true },
  'cases.read': { roles: EVERYONE },
  /** Nobody but the installation itself, from its command line. */
  'keys.rotate': { roles: [] },
} as const satisfies Record<string, Rule>;

/** The name of an act in the policy. */
export type Act = keyof typeof POLICY;

/**
 * Whether the policy allows the act to the actor.
 *
 * @throws {Unauthenticated} where a signed-in actor is needed and this one is anonymous
 * @throws {Forbidden} where the actor's role or tenant is not in the act's line
 */
export function authorize(actor: Actor, act: Act): void {
  const rule: Rule = POLICY[act];
  if (actor.kind === 'system') return;
  if (actor.kind === 'anonymous') {
    if (rule.anonymous) return;
    throw new Unauthenticated();
  }
  if (!rule.roles.includes(actor.role)) throw new Forbidden();
  if (rule.practiceOnly && actor.tenantId !== DEFAULT_TENANT_ID) throw new Forbidden();
}

/** The same, for acts on behalf of one's own account: nobody but a person who is signed in. */
export function authorizeUser(actor: Actor, act: Act): UserActor {
  authorize(actor, act);
  if (actor.kind !== 'user') throw new Unauthenticated();
  return actor;
}

/** The same, for acts that need a tenant's member or the installation itself. */
export function authorizeMember(actor: Actor, act: Act): UserActor | SystemActor {
  authorize(actor, act);
  if (actor.kind === 'anonymous') throw new Unauthenticated();
  return actor;
}
