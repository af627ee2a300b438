import { REFRESH_RETRY_SECONDS } from '../../domain/access/access-token.ts';
import { RefreshInvalid, RefreshReused } from '../../domain/access/errors.ts';
import type { SessionEnd } from '../../domain/access/session.ts';
import { earlier, secondsUntil } from '../../domain/shared/time.ts';
import type { TokenSigner } from '../ports/security/access-tokens.ts';
import type { RefreshTokenFactory } from '../ports/security/refresh-tokens.ts';
import type { RefreshTokenStore, Rotation } from '../ports/stores/refresh-token-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type BondChecking, findBond } from '../steps/legacy-bond.ts';
import type { IssuedTokens } from '../steps/open-session.ts';

export interface RefreshTokenCommand {
  readonly refreshToken: string;
}

interface Dependencies extends Omit<BondChecking, 'unitOfWork'> {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly refreshTokens: RefreshTokenFactory;
  readonly refreshTokenStore: RefreshTokenStore;
  readonly tokenSigner: TokenSigner;
  readonly unitOfWork: UnitOfWork<'sessions' | 'legacyLinks' | 'audit'>;
}

type Rotated = Extract<Rotation, { readonly kind: 'rotated' | 'retried' }>;

/**
 * Trades a refresh token for a new pair (RFC 9700, section 4.14.2). A token used again within ten seconds gets the same successor;
 * later, somebody has a copy of it, and the session ends. A session that stands on one of the legacy service ends with that one.
 */
export class RefreshToken {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws {RefreshInvalid} where the token is unknown or its session over, or what the session stands on
   * @throws {RefreshReused} where the token was used before; its session is over then, and its access tokens with it
   */
  async execute(command: RefreshTokenCommand): Promise<IssuedTokens> {
    const { clock, refreshTokens, refreshTokenStore, tokenSigner } = this.#deps;
    const succession = refreshTokens.succeed(command.refreshToken);
    if (!succession) throw new RefreshInvalid();
    const { presentedHash, successor } = succession;
    const now = clock.now();
    const rotation = await refreshTokenStore.rotate({
      presentedHash,
      successorHash: successor.hash,
      now,
      retrySeconds: REFRESH_RETRY_SECONDS,
    });
    if (rotation.kind === 'invalid') throw new RefreshInvalid();
    if (rotation.kind === 'reused') {
      await this.#endSession(rotation, 'refresh-reused', now);
      throw new RefreshReused();
    }
    const expiresAt = await this.#expiryOf(rotation, now);
    if (expiresAt === null) {
      await this.#endSession(rotation.claims, 'legacy-signed-out', now);
      throw new RefreshInvalid();
    }
    const { token, expiresInSeconds } = await tokenSigner.sign(rotation.claims, now, expiresAt);
    return {
      accessToken: token,
      expiresIn: expiresInSeconds,
      refreshToken: successor.token,
      refreshExpiresIn: secondsUntil(now, earlier(rotation.session.idleExpiresAt, expiresAt)),
    };
  }

  /** @returns when the session is over for certain; `null` where it stands on a legacy session that is, and so it is over now */
  async #expiryOf({ claims, session }: Rotated, now: Date): Promise<Date | null> {
    if (session.legacySid === null) return session.expiresAt;
    const bond =
      claims.role === 'patient' ? await findBond(this.#deps, claims, session.legacySid, now) : null;
    return bond && earlier(session.expiresAt, bond.expiresAt);
  }

  async #endSession(
    { tenantId, userId, sessionId }: Pick<Rotated['claims'], 'tenantId' | 'userId' | 'sessionId'>,
    reason: SessionEnd,
    now: Date,
  ): Promise<void> {
    const { idGenerator, unitOfWork } = this.#deps;
    const act = {
      action: 'access.session-ended',
      subject: { type: 'session', id: sessionId },
      details: { reason },
    };
    const entry = auditEntryOf(idGenerator, { kind: 'anonymous', tenantId }, act, now);
    await unitOfWork.run(tenantId, async ({ sessions, audit }) => {
      const ended = await sessions.end(userId, sessionId, reason, now);
      if (ended) await audit.add(entry);
    });
  }
}
