import type { AuditActor } from '../audit/audit-entry.ts';
import type { Role } from '../identity/user.ts';
import type { SessionId, TenantId, UserId } from '../shared/ids.ts';
import type { AuthenticationMethod } from './session.ts';

/** A signed-in person, as a verified access token tells. */
export interface UserActor {
  readonly kind: 'user';
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  readonly role: Role;
  /** How he signed in, and when he last proved who he is. */
  readonly amr: readonly AuthenticationMethod[];
  readonly authTime: Date;
}

/** Somebody whose password was right, and who has to enrol a second factor before he is let in. Can do nothing else. */
export interface EnrollingActor {
  readonly kind: 'enrolling';
  readonly userId: UserId;
  readonly tenantId: TenantId;
  /** Stored form of the token that he came with; it is spent by the enrolment. */
  readonly tokenHash: Uint8Array;
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
export type Actor = UserActor | EnrollingActor | AnonymousActor | SystemActor;

/** As much of an actor as a record of his act names. */
export type RecordedActor =
  Pick<UserActor | EnrollingActor, 'kind' | 'userId'> | Pick<AnonymousActor | SystemActor, 'kind'>;

/** How the audit trail names the actor. */
export function auditActorOf(actor: RecordedActor): AuditActor {
  if (actor.kind === 'user' || actor.kind === 'enrolling') return { kind: 'user', id: actor.userId };
  return { kind: actor.kind };
}
