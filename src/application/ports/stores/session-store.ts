import type { Session, SessionEnd, SessionLifetime } from '../../../domain/access/session.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { SessionId, UserId } from '../../../domain/shared/ids.ts';

/** The sessions of one tenant. */
export interface SessionStore {
  /**
   * Adds a session with its first refresh token and the audit entry of the sign-in, while the account is active and still has the
   * password that was proven; one statement, so that a change of either, or its end of all sessions, cannot be overtaken.
   *
   * @param passwordHash the hash that the password was compared with; `null` where no password was the proof
   * @returns `false` where the account was disabled, or its password changed, meanwhile: nothing was kept
   */
  readonly add: (
    session: Session,
    refreshTokenHash: Uint8Array,
    audit: AuditEntry,
    passwordHash: string | null,
  ) => Promise<boolean>;
  /** @returns `null` where the tenant has no such session */
  readonly find: (id: SessionId) => Promise<Session | null>;
  /** The sessions of a user that are live at `now`, most recently used first. */
  readonly listLive: (userId: UserId, now: Date) => Promise<readonly Session[]>;
  /**
   * Ends a live session of the user and revokes its tokens; one statement.
   *
   * @returns `false` where the user has no such live session
   */
  readonly end: (userId: UserId, id: SessionId, reason: SessionEnd, now: Date) => Promise<boolean>;
  /**
   * Ends the live sessions of a user, but for the one to keep; one statement.
   *
   * @returns how many it ended
   */
  readonly endAll: (userId: UserId, reason: SessionEnd, now: Date, keep: SessionId | null) => Promise<number>;
  /** Gives the live sessions of a user a life that begins now, where they would live longer; one statement. */
  readonly limitAll: (userId: UserId, lifetime: SessionLifetime, now: Date) => Promise<void>;
}
