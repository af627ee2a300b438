import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { User } from '../../domain/identity/user.ts';
import { secondsUntil } from '../../domain/shared/time.ts';
import {
  type AuthenticationMethod,
  type LegacyBond,
  type SessionClient,
  type SignInBasis,
  startSession,
} from '../../domain/access/session.ts';
import type { RefreshTokenFactory } from '../ports/security/refresh-tokens.ts';
import type { TokenSigner } from '../ports/security/access-tokens.ts';
import type { SessionStore } from '../ports/stores/session-store.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Settings } from '../ports/system/settings.ts';

/** The tokens of a session, as its owner receives them. Both are secrets. */
export interface IssuedTokens {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
  /** Seconds until the refresh token stops counting without use. */
  readonly refreshExpiresIn: number;
}

/** What opening a session needs besides its store. */
export interface SessionOpening {
  readonly tokenSigner: TokenSigner;
  readonly refreshTokens: RefreshTokenFactory;
  readonly idGenerator: IdGenerator;
  readonly settings: Settings;
}

/** A session that is ready to be stored, and its tokens. */
export interface OpenedSession {
  readonly tokens: IssuedTokens;
  /**
   * Stores it with its audit entry `access.signed-in`, while what the sign-in stands on is unchanged.
   *
   * @returns `false` where the account's password, role or active flag was changed meanwhile: nothing was kept
   */
  readonly addTo: (sessions: SessionStore, basis: SignInBasis) => Promise<boolean>;
}

/** Who is let in, by what, and where. */
export interface Admission {
  readonly user: User;
  readonly amr: readonly AuthenticationMethod[];
  readonly client: SessionClient;
  /** What the session stands on; where it is left out, the session stands by itself. */
  readonly legacy?: LegacyBond | null | undefined;
}

/** Prepares a session: its tokens are made before anything is stored, so that no transaction waits for a signature. */
export async function openSession(
  { tokenSigner, refreshTokens, idGenerator, settings }: SessionOpening,
  { user, amr, client, legacy }: Admission,
  now: Date,
): Promise<OpenedSession> {
  const session = startSession(
    idGenerator.next(),
    { tenantId: user.tenantId, userId: user.id, role: user.role, amr, client, legacy },
    settings.sessionLifetimes,
    now,
  );
  const { token, expiresInSeconds } = await tokenSigner.sign(
    {
      userId: user.id,
      tenantId: user.tenantId,
      sessionId: session.id,
      role: user.role,
      epoch: user.tokenEpoch,
      amr: session.amr,
      authTime: session.authTime,
    },
    now,
    session.expiresAt,
  );
  const refresh = refreshTokens.issue();
  const audit: AuditEntry = {
    id: idGenerator.next(),
    tenantId: user.tenantId,
    actor: { kind: 'user', id: user.id },
    action: 'access.signed-in',
    subject: { type: 'session', id: session.id },
    at: now,
    details: { amr: session.amr.join(' ') },
  };
  return {
    tokens: {
      accessToken: token,
      expiresIn: expiresInSeconds,
      refreshToken: refresh.token,
      refreshExpiresIn: secondsUntil(now, session.idleExpiresAt),
    },
    addTo: (sessions, basis) => sessions.add(session, refresh.hash, audit, basis),
  };
}
