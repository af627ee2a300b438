import type { RevocationList } from '../../application/ports/security/revocation-list.ts';
import type { AccessTokenClaims } from '../../domain/access/access-token.ts';
import type { MemoryAccess } from './memory-access.ts';

/** Tells revoked tokens by the records themselves, so that a revocation counts at once. */
export class MemoryRevocationList implements RevocationList {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async isRevoked({ sessionId, userId, epoch }: AccessTokenClaims): Promise<boolean> {
    return this.#access.read((tables) => {
      const session = tables.sessions.get(sessionId);
      const user = tables.users.get(userId);
      if (session?.userId !== userId || session.endedAt !== null) return true;
      return !user?.isActive || epoch < user.tokenEpoch;
    });
  }
}
