import type { RevocationList } from '../../application/ports/security/revocation-list.ts';
import type { Clock } from '../../application/ports/system/clock.ts';
import type { AccessTokenClaims } from '../../domain/access/access-token.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import { DATA_KEYS_CHANNEL, JOBS_CHANNEL, REVOCATIONS_CHANNEL, SIGNING_KEYS_CHANNEL } from './channels.ts';
import type { FeedQuery } from './feed-connection.ts';
import { NotificationFeed } from './notification-feed.ts';
import { RevocationMemory } from './revocation-memory.ts';
import type { Statement, Statements } from './statements.ts';

/** Seconds beyond the life of a token for which revocations are kept: clocks of replicas may be that far apart, and more. */
const MARGIN_SECONDS = 120;

/** How to hear of revocations. */
export interface RevocationListOptions {
  /** The server itself, not a transaction pooler. */
  readonly directUrl: string;
  /** Asked while the feed is down. */
  readonly statements: Statements;
  readonly clock: Clock;
  /** The longest life of an access token. */
  readonly accessTokenSeconds: number;
  /** Called when signing keys were rotated somewhere, and after each time that the feed was down. */
  readonly onSigningKeysChanged?: (() => void) | undefined;
  /** Called when data keys were rotated somewhere, and after each time that the feed was down. */
  readonly onDataKeysChanged?: (() => void) | undefined;
  /** Called when a job became due somewhere, and after each time that the feed was down. */
  readonly onJobDue?: (() => void) | undefined;
  /** Called with each session that begins to listen, before anything is heard on it: for what has to last as long as it does. */
  readonly onSession?: ((query: FeedQuery) => Promise<void>) | undefined;
  /** Told when the feed is lost, in words without anything personal. */
  readonly onError?: ((event: string) => void) | undefined;
}

const IS_REVOKED: Statement<{ readonly revoked: boolean }> = {
  text: `SELECT s.ended_at IS NOT NULL OR NOT u.is_active OR u.token_epoch > $3::integer AS revoked
FROM sessions s JOIN users u ON u.uuid = s.user_uuid
WHERE s.uuid = $1::uuid AND s.user_uuid = $2::uuid`,
};
const ENDED_SINCE = 'SELECT uuid FROM sessions WHERE ended_at > $1';
const EPOCH_CHANGED_SINCE = 'SELECT uuid, token_epoch FROM users WHERE epoch_changed_at > $1';

/** What a payload tells; anything else is not of ours. */
function revocationIn(
  payload: string,
): { readonly session: string } | { readonly user: string; readonly epoch: number } | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(payload);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  if ('s' in parsed && typeof parsed.s === 'string') return { session: parsed.s };
  if ('u' in parsed && typeof parsed.u === 'string' && 'e' in parsed && typeof parsed.e === 'number') {
    return { user: parsed.u, epoch: parsed.e };
  }
  return null;
}

/**
 * Revocations as Postgres tells them: by a feed into memory while that is up, otherwise by asking for each token. A revocation that
 * was committed a second ago is always known.
 */
export class PostgresRevocationList implements RevocationList {
  readonly #options: RevocationListOptions;
  readonly #memory: RevocationMemory;
  readonly #feed: NotificationFeed;

  constructor(options: RevocationListOptions) {
    this.#options = options;
    this.#memory = new RevocationMemory(options.accessTokenSeconds + MARGIN_SECONDS);
    this.#feed = new NotificationFeed({
      url: options.directUrl,
      channels: [REVOCATIONS_CHANNEL, SIGNING_KEYS_CHANNEL, DATA_KEYS_CHANNEL, JOBS_CHANNEL],
      onNotification: (channel, payload) => {
        if (channel === SIGNING_KEYS_CHANNEL) options.onSigningKeysChanged?.();
        else if (channel === DATA_KEYS_CHANNEL) options.onDataKeysChanged?.();
        else if (channel === JOBS_CHANNEL) options.onJobDue?.();
        else this.#learn(payload);
      },
      onListening: (query) => this.#loadMissed(query),
      onError: options.onError,
    });
  }

  readonly isRevoked = (claims: AccessTokenClaims): Promise<boolean> =>
    this.#feed.isUp() ? Promise.resolve(this.#memory.isRevoked(claims)) : this.#ask(claims);

  /** Begins to listen; resolves when the feed is up, or when the first attempt failed and further ones follow. */
  start(): Promise<void> {
    return this.#feed.start();
  }

  /** Stops listening at once. */
  stop(): Promise<void> {
    return this.#feed.stop();
  }

  async #ask({ sessionId, userId, epoch }: AccessTokenClaims): Promise<boolean> {
    const rows = await this.#options.statements.run(IS_REVOKED, [sessionId, userId, epoch]);
    return rows[0]?.revoked ?? true;
  }

  #learn(payload: string): void {
    const revocation = revocationIn(payload);
    if (!revocation) return;
    if ('session' in revocation) this.#memory.endSession(revocation.session);
    else this.#memory.raiseEpoch(revocation.user, revocation.epoch);
  }

  async #loadMissed(query: FeedQuery): Promise<void> {
    await this.#options.onSession?.(query);
    const since = addSeconds(this.#options.clock.now(), -this.#options.accessTokenSeconds - MARGIN_SECONDS);
    for (const { uuid } of await query<{ uuid: string }>(ENDED_SINCE, [since])) this.#memory.endSession(uuid);
    const users = await query<{ uuid: string; token_epoch: number }>(EPOCH_CHANGED_SINCE, [since]);
    for (const { uuid, token_epoch: epoch } of users) this.#memory.raiseEpoch(uuid, epoch);
    this.#options.onSigningKeysChanged?.();
    this.#options.onDataKeysChanged?.();
    this.#options.onJobDue?.();
  }
}
