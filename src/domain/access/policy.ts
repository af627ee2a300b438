import type { Role } from '../identity/user.ts';
import { DEFAULT_TENANT_ID } from '../shared/ids.ts';
import { addSeconds } from '../shared/time.ts';
import type { Actor, AnonymousActor, EnrollingActor, SystemActor, UserActor } from './actor.ts';
import { Forbidden, StepUpRequired, Unauthenticated } from './errors.ts';
import { isProvenHere } from './session.ts';

/** Who may do an act: the roles, and whether only those of the practice itself (the `default` tenant). */
interface Rule {
  readonly roles: readonly Role[];
  readonly practiceOnly?: true;
  /** Whether somebody without a credential may do it too, where the installation allows it. */
  readonly anonymous?: true;
  /** Whether it is open to somebody who has to enrol a second factor before he is let in. */
  readonly enrolling?: true;
  /** Whether a person must have proven who he is within the last {@link STEP_UP_SECONDS}. */
  readonly stepUp?: true;
}

/** For how long a proof counts as recent, in seconds (NIST SP 800-63B-4, section 2.2.3; OpenID Connect Core, `max_age`). */
export const STEP_UP_SECONDS = 300;

const EVERYONE = ['patient', 'physician', 'admin'] as const;

/**
 * The policy: every act that is not open to everybody has a line here, and only here. Routes, use cases, tests and docs read this
 * table; what is not in it is denied.
 */
export const POLICY = {
  'account.read': { roles: EVERYONE },
  'account.write': { roles: EVERYONE },
  'email.change': { roles: EVERYONE, stepUp: true },
  'factors.read': { roles: EVERYONE },
  'factors.enrol': { roles: EVERYONE, enrolling: true, stepUp: true },
  /** The second half of an enrolment, within a few minutes of the first. */
  'factors.confirm': { roles: EVERYONE, enrolling: true },
  'factors.remove': { roles: EVERYONE, stepUp: true },
  'sessions.manage': { roles: EVERYONE },
  'users.read': { roles: ['admin'] },
  'users.write': { roles: ['admin'] },
  'users.reset-factors': { roles: ['admin'], stepUp: true },
  'tenants.manage': { roles: ['admin'], practiceOnly: true },
  'physicians.read': { roles: ['admin'] },
  'physicians.write': { roles: ['admin'] },
  'physicians.write-own': { roles: ['physician'] },
  'cases.submit': { roles: ['patient'], anonymous: true },
  'cases.read': { roles: EVERYONE },
  /** A case's waiting line, for those who take from it and those who watch it. */
  'cases.queue': { roles: ['physician', 'admin'] },
  'cases.claim': { roles: ['physician'] },
  /** What nobody but the assignee does: start, ask, answer, amend, decline. */
  'cases.work': { roles: ['physician'] },
  'cases.release': { roles: ['physician', 'admin'] },
  'cases.assign': { roles: ['admin'] },
  /** What nobody but the patient does: reply, follow up, close. */
  'cases.reply': { roles: ['patient'] },
  'cases.cancel': { roles: ['patient', 'admin'] },
  'cases.void': { roles: ['admin'] },
  'cases.adopt': { roles: ['patient'] },
  'cases.adopt-legacy': { roles: ['admin'] },
  'cases.break-glass': { roles: ['admin'] },
  'cases.review-break-glass': { roles: ['admin'] },
  /** One's own links to what the legacy service knows of one. */
  'legacy.link': { roles: ['patient'] },
  'legacy.unlink': { roles: ['patient'], stepUp: true },
  'legacy.read-claims': { roles: ['admin'] },
  'legacy.decide': { roles: ['admin'] },
  'audit.read': { roles: ['admin'] },
  /** Nobody but the installation itself, from its command line and by its timers. */
  'keys.rotate': { roles: [] },
  'audit.verify': { roles: [] },
  'jobs.run': { roles: [] },
  'legacy.operate': { roles: [] },
} as const satisfies Record<string, Rule>;

/** The name of an act in the policy. */
export type Act = keyof typeof POLICY;

/** The acts that are open to somebody who has yet to enrol a second factor. */
export type EnrollingAct = {
  [Name in Act]: (typeof POLICY)[Name] extends { readonly enrolling: true } ? Name : never;
}[Act];

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
  if (actor.kind === 'enrolling') {
    if (rule.enrolling) return;
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
  if (actor.kind === 'anonymous' || actor.kind === 'enrolling') throw new Unauthenticated();
  return actor;
}

/** The same, for acts that are open to somebody without a credential. */
export function authorizeVisitor(actor: Actor, act: Act): UserActor | AnonymousActor | SystemActor {
  authorize(actor, act);
  if (actor.kind === 'enrolling') throw new Unauthenticated();
  return actor;
}

/** The same, for acts by which somebody enrols a second factor, let in already or not yet. */
export function authorizeEnrolment(actor: Actor, act: EnrollingAct): UserActor | EnrollingActor {
  authorize(actor, act);
  if (actor.kind !== 'user' && actor.kind !== 'enrolling') throw new Unauthenticated();
  return actor;
}

/**
 * Whether the actor has proven who he is recently enough for an act that needs it. Whoever has yet to enrol a second factor has a token
 * that is short-lived itself. That the legacy service vouches for somebody is no proof of now.
 *
 * @throws {StepUpRequired}
 */
export function requireRecentProof(actor: UserActor | EnrollingActor, now: Date): void {
  if (actor.kind !== 'user') return;
  const isRecent = now <= addSeconds(actor.authTime, STEP_UP_SECONDS);
  if (!isRecent || !isProvenHere(actor.amr)) throw new StepUpRequired();
}
