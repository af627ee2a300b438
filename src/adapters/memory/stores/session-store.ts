import type { SessionStore } from '../../../application/ports/stores/session-store.ts';
import {
  type AuthenticationMethod,
  isLive,
  joinMethods,
  limitSession,
  type Session,
  type SessionEnd,
  type SessionLifetime,
  type SignInBasis,
} from '../../../domain/access/session.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { SessionId, TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import { keysetPage } from '../keyset-page.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { octetKey, type ReadonlyMemoryTables } from '../memory-tables.ts';
import { assertOwnUser, ownedBy } from '../own-tenant.ts';
import { standsOn } from '../stands-on.ts';

/** The sessions of one tenant, in memory. */
export class MemorySessionStore implements SessionStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async add(
    session: Session,
    refreshTokenHash: Uint8Array,
    audit: AuditEntry,
    basis: SignInBasis,
  ): Promise<boolean> {
    assertOwnTenant(this.#tenantId, session);
    assertOwnTenant(this.#tenantId, audit);
    const token = { sessionId: session.id, issuedAt: session.createdAt, rotatedAt: null };
    return this.#access.write((tables) => {
      assertOwnUser(tables, this.#tenantId, session.userId);
      if (!standsOn(basis, tables.users.get(session.userId))) return false;
      tables.sessions.add(session.id, session);
      tables.refreshTokens.add(octetKey(refreshTokenHash), token);
      tables.auditEntries.add(audit.id, audit);
      return true;
    });
  }

  async find(id: SessionId): Promise<Session | null> {
    return this.#access.read((tables) => ownedBy(this.#tenantId, tables.sessions.get(id)));
  }

  async listLive(userId: UserId, now: Date, request: PageRequest): Promise<Page<Session>> {
    return this.#access.read((tables) => keysetPage(this.#live(tables, userId, now), request));
  }

  async end(userId: UserId, id: SessionId, reason: SessionEnd, now: Date): Promise<boolean> {
    return this.#access.write((tables) => {
      const session = this.#live(tables, userId, now).find((live) => live.id === id);
      if (!session) return false;
      tables.sessions.set(id, { ...session, endedAt: now, endReason: reason });
      return true;
    });
  }

  async endAll(userId: UserId, reason: SessionEnd, now: Date, keep: SessionId | null): Promise<number> {
    return this.#access.write((tables) => {
      const ended = this.#live(tables, userId, now).filter((session) => session.id !== keep);
      for (const session of ended) {
        tables.sessions.set(session.id, { ...session, endedAt: now, endReason: reason });
      }
      return ended.length;
    });
  }

  async elevate(
    userId: UserId,
    id: SessionId,
    added: readonly AuthenticationMethod[],
    now: Date,
  ): Promise<readonly AuthenticationMethod[] | null> {
    return this.#access.write((tables) => {
      const session = this.#live(tables, userId, now).find((live) => live.id === id);
      if (!session) return null;
      const amr = joinMethods(session.amr, added);
      tables.sessions.set(id, { ...session, amr, authTime: now });
      return amr;
    });
  }

  async limitAll(userId: UserId, lifetime: SessionLifetime, now: Date): Promise<void> {
    await this.#access.write((tables) => {
      for (const session of this.#live(tables, userId, now)) {
        tables.sessions.set(session.id, limitSession(session, lifetime, now));
      }
    });
  }

  #live(tables: ReadonlyMemoryTables, userId: UserId, now: Date): Session[] {
    return [...tables.sessions.values()].filter(
      (session) => session.tenantId === this.#tenantId && session.userId === userId && isLive(session, now),
    );
  }
}
