import type { AccessTokenClaims } from '../../domain/access/access-token.ts';

interface Remembered {
  readonly epoch: number;
  /** Milliseconds of the monotonic clock. */
  readonly until: number;
}

/** Revocations for as long as a token made before them can live; then they are forgotten, so that memory stays bounded. */
export class RevocationMemory {
  /** By id of session (`epoch` is no matter) or user. The oldest comes first. */
  readonly #sessions = new Map<string, Remembered>();
  readonly #users = new Map<string, Remembered>();
  readonly #lifeMs: number;

  /** @param lifeSeconds for which to remember */
  constructor(lifeSeconds: number) {
    this.#lifeMs = lifeSeconds * 1000;
  }

  /** The session is over. */
  endSession(id: string): void {
    this.#remember(this.#sessions, id, 0);
  }

  /** Tokens of the user below this epoch no longer count. */
  raiseEpoch(userId: string, epoch: number): void {
    this.#remember(this.#users, userId, Math.max(epoch, this.#users.get(userId)?.epoch ?? 0));
  }

  /** Whether a token with these claims was revoked, as far as is known here. */
  isRevoked({
    sessionId,
    userId,
    epoch,
  }: Pick<AccessTokenClaims, 'sessionId' | 'userId' | 'epoch'>): boolean {
    return this.#sessions.has(sessionId) || (this.#users.get(userId)?.epoch ?? 0) > epoch;
  }

  #remember(map: Map<string, Remembered>, id: string, epoch: number): void {
    const now = performance.now();
    map.delete(id);
    map.set(id, { epoch, until: now + this.#lifeMs });
    for (const [oldest, { until }] of map) {
      if (until > now) break;
      map.delete(oldest);
    }
  }
}
