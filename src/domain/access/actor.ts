import type { AuditActor } from '../audit/audit-entry.ts';
import type { Role } from '../identity/user.ts';
import type { SessionId, TenantId, UserId } from '../shared/ids.ts';

/** A signed-in person, as a verified access token tells. */
export interface UserActor {
  readonly kind: 'user';
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  readonly role: Role;
}

/** Somebody without a credential, at the door of one tenant. */
export interface AnonymousActor {
  readonly kind: 'anonymous';
  readonly tenantId: TenantId;
}

/** The installation itself: its command line, its jobs. May do whatever a role may. */
export interface SystemActor {
  readonly kind: 'system';
  readonly tenantId: TenantId;
}

/** Who is asking. Every use case that needs to know receives it as a field of its command. */
export type Actor = UserActor | AnonymousActor | SystemActor;

/** How the audit trail names the actor. */
export function auditActorOf(actor: Actor): AuditActor {
  return actor.kind === 'user' ? { kind: 'user', id: actor.userId } : { kind: actor.kind };
}
