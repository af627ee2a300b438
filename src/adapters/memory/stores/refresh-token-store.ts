import type {
  RefreshTokenStore,
  Rotation,
  RotationRequest,
} from '../../../application/ports/stores/refresh-token-store.ts';
import { authenticationLevel, isLive, type Session, touchSession } from '../../../domain/access/session.ts';
import type { User } from '../../../domain/identity/user.ts';
import { addSeconds } from '../../../domain/shared/time.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { type MemoryTables, octetKey, type RefreshTokenRow } from '../memory-tables.ts';

/** The refresh tokens of all tenants, in memory. */
export class MemoryRefreshTokenStore implements RefreshTokenStore {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async rotate(request: RotationRequest): Promise<Rotation> {
    return this.#access.write((tables) => {
      const token = tables.refreshTokens.get(octetKey(request.presentedHash));
      const session = token && tables.sessions.get(token.sessionId);
      const user = session && tables.users.get(session.userId);
      const tenant = user && tables.tenants.get(user.tenantId);
      if (!token || !session || !tenant) return { kind: 'invalid' };
      if (!user.isActive || !isLive(session, request.now)) return { kind: 'invalid' };
      if (tenant.mfaRequired && authenticationLevel(session.amr) === 'aal1') return { kind: 'invalid' };
      if (token.rotatedAt === null) {
        return granted('rotated', user, rotateToken(tables, request, token, session));
      }
      if (request.now <= addSeconds(token.rotatedAt, request.retrySeconds)) {
        return granted('retried', user, session);
      }
      return { kind: 'reused', tenantId: user.tenantId, userId: user.id, sessionId: session.id };
    });
  }
}

function rotateToken(
  tables: MemoryTables,
  { presentedHash, successorHash, now }: RotationRequest,
  token: RefreshTokenRow,
  session: Session,
): Session {
  const touched = touchSession(session, now);
  tables.refreshTokens.set(octetKey(presentedHash), { ...token, rotatedAt: now });
  tables.refreshTokens.add(octetKey(successorHash), {
    sessionId: session.id,
    issuedAt: now,
    rotatedAt: null,
  });
  tables.sessions.set(session.id, touched);
  return touched;
}

const granted = (kind: 'rotated' | 'retried', user: User, session: Session): Rotation => ({
  kind,
  claims: {
    userId: user.id,
    tenantId: user.tenantId,
    sessionId: session.id,
    role: user.role,
    epoch: user.tokenEpoch,
    amr: session.amr,
    authTime: session.authTime,
  },
  session: {
    idleExpiresAt: session.idleExpiresAt,
    expiresAt: session.expiresAt,
    legacySid: session.legacySid,
  },
});
