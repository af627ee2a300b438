import type {
  AuthenticationMethod,
  Session,
  SessionEnd,
  SessionLifetime,
  SignInBasis,
} from '../../../domain/access/session.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { SessionId, UserId } from '../../../domain/shared/ids.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';

/** The sessions of one tenant. */
export interface SessionStore {
  /**
   * Adds a session with its first refresh token and the audit entry of the sign-in, while the account is active and what the sign-in
   * stands on is unchanged; one statement, so that a change of the account, and what it does to the sessions, cannot be overtaken.
   *
   * @returns `false` where the password, the role or the active flag was changed meanwhile: nothing was kept
   */
  readonly add: (
    session: Session,
    refreshTokenHash: Uint8Array,
    audit: AuditEntry,
    basis: SignInBasis,
  ) => Promise<boolean>;
  /** @returns `null` where the tenant has no such session */
  readonly find: (id: SessionId) => Promise<Session | null>;
  /** The sessions of a user that are live at `now`, newest first. */
  readonly listLive: (userId: UserId, now: Date, request: PageRequest) => Promise<Page<Session>>;
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
  /**
   * Keeps a further proof of who the owner of a live session is: the methods join those of the session by the rule of `joinMethods`,
   * and `authTime` is now; one statement.
   *
   * @returns the session's methods by now; `null` where the user has no such live session
   */
  readonly elevate: (
    userId: UserId,
    id: SessionId,
    added: readonly AuthenticationMethod[],
    now: Date,
  ) => Promise<readonly AuthenticationMethod[] | null>;
  /** Gives the live sessions of a user a life that begins now, where they would live longer; one statement. */
  readonly limitAll: (userId: UserId, lifetime: SessionLifetime, now: Date) => Promise<void>;
}
