import type { Role } from '../identity/user.ts';
import type { SessionId, TenantId, UserId } from '../shared/ids.ts';
import { addSeconds, earlier } from '../shared/time.ts';

/** Why a session is over. */
export type SessionEnd =
  | 'signed-out'
  | 'revoked'
  | 'password-changed'
  | 'password-reset'
  | 'account-disabled'
  | 'factors-reset'
  | 'second-factor-required'
  | 'refresh-reused'
  | 'legacy-signed-out';

/**
 * How a person showed who he is (RFC 8176 values), for schemas; a recovery code is an `otp` as well. `legacy_session` is none of theirs:
 * the legacy service vouches for him.
 */
export const AUTHENTICATION_METHODS = ['pwd', 'legacy_session', 'otp', 'hwk', 'swk', 'user', 'mfa'] as const;
/** One of these. */
export type AuthenticationMethod = (typeof AUTHENTICATION_METHODS)[number];

/** How far an authentication can be relied upon (NIST SP 800-63B-4, section 2): one factor or two; for schemas. */
export const AUTHENTICATION_LEVELS = ['aal1', 'aal2'] as const;
/** One of these. */
export type AuthenticationLevel = (typeof AUTHENTICATION_LEVELS)[number];

/** The level that these methods reach together. */
export const authenticationLevel = (amr: readonly AuthenticationMethod[]): AuthenticationLevel =>
  amr.includes('mfa') ? 'aal2' : 'aal1';

/** The methods of a session after a further proof: of two different factors, `mfa` is one more. */
export function joinMethods(
  before: readonly AuthenticationMethod[],
  added: readonly AuthenticationMethod[],
): readonly AuthenticationMethod[] {
  const all = new Set([...before, ...added]);
  const hasFirst = all.has('pwd') || all.has('legacy_session');
  if (hasFirst && (all.has('otp') || all.has('hwk') || all.has('swk'))) all.add('mfa');
  return AUTHENTICATION_METHODS.filter((method) => all.has(method));
}

/** Whether anything was shown to us, rather than to the legacy service at some time that nobody knows. */
export const isProvenHere = (amr: readonly AuthenticationMethod[]): boolean =>
  amr.some((method) => method !== 'legacy_session');

/** The legacy session that a session of ours stands on: it lives no longer, and ends with it. */
export interface LegacyBond {
  readonly sid: string;
  /** When the legacy session is over. */
  readonly expiresAt: Date;
}

/** One sign-in on one device. */
export interface Session {
  readonly id: SessionId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  /** Without a refresh until then it is over; each refresh moves it. */
  readonly idleExpiresAt: Date;
  /** By how much a refresh moves it, in seconds. */
  readonly idleSeconds: number;
  /** It is over then, whatever happens. */
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly endReason: SessionEnd | null;
  readonly amr: readonly AuthenticationMethod[];
  /** When the person last proved who he is. */
  readonly authTime: Date;
  readonly client: SessionClient;
  /** Of the legacy session that it stands on; `null` where it stands by itself. */
  readonly legacySid: string | null;
}

/** The device as it showed itself at sign-in; kept so that the person recognises it. */
export interface SessionClient {
  readonly userAgent: string | null;
  readonly address: string | null;
}

/** The life of sessions, in seconds. */
export interface SessionLifetime {
  /** Without use. */
  readonly idleSeconds: number;
  /** In all. */
  readonly maxSeconds: number;
}

/** The life of sessions by role: physicians and admins see other people's data, so theirs are shorter. */
export interface SessionLifetimes {
  readonly patient: SessionLifetime;
  readonly staff: SessionLifetime;
}

/** The life of a session of somebody with this role. */
export const lifetimeOf = (role: Role, lifetimes: SessionLifetimes): SessionLifetime =>
  role === 'patient' ? lifetimes.patient : lifetimes.staff;

/** Why somebody is let in: what a new session is made of. */
export interface SessionStart {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly role: Role;
  /** In the order of {@link AUTHENTICATION_METHODS}. */
  readonly amr: readonly AuthenticationMethod[];
  readonly client: SessionClient;
  readonly legacy?: LegacyBond | null | undefined;
}

/** What of an account a sign-in stands on: whoever changes either has changed who may come in. */
export interface SignInBasis {
  /** The hash that the password was compared with; `null` where no password was the proof. */
  readonly passwordHash: string | null;
  /** Grows when the role or the active flag changes. */
  readonly tokenEpoch: number;
}

/** A session at its first moment. */
export function startSession(
  id: SessionId,
  { role, tenantId, userId, amr, client, legacy = null }: SessionStart,
  lifetimes: SessionLifetimes,
  now: Date,
): Session {
  const { idleSeconds, maxSeconds } = lifetimeOf(role, lifetimes);
  const longest = addSeconds(now, maxSeconds);
  const expiresAt = legacy ? earlier(longest, legacy.expiresAt) : longest;
  return {
    id,
    tenantId,
    userId,
    createdAt: now,
    lastUsedAt: now,
    idleExpiresAt: earlier(addSeconds(now, idleSeconds), expiresAt),
    idleSeconds,
    expiresAt,
    endedAt: null,
    endReason: null,
    amr,
    authTime: now,
    client,
    legacySid: legacy?.sid ?? null,
  };
}

/** The session after a refresh. */
export const touchSession = (session: Session, now: Date): Session => ({
  ...session,
  lastUsedAt: now,
  idleExpiresAt: earlier(addSeconds(now, session.idleSeconds), session.expiresAt),
});

/** The session with a life that begins now, where it would live longer: its owner has become somebody whose sessions are shorter. */
export function limitSession(
  session: Session,
  { idleSeconds, maxSeconds }: SessionLifetime,
  now: Date,
): Session {
  const expiresAt = earlier(session.expiresAt, addSeconds(now, maxSeconds));
  const idleExpiresAt = earlier(session.idleExpiresAt, earlier(addSeconds(now, idleSeconds), expiresAt));
  return { ...session, idleSeconds: Math.min(session.idleSeconds, idleSeconds), idleExpiresAt, expiresAt };
}

/** Whether the session still counts. */
export const isLive = (session: Session, now: Date): boolean =>
  session.endedAt === null && now < session.idleExpiresAt && now < session.expiresAt;
