import { actorOf } from '../../domain/access/access-token.ts';
import type { UserActor } from '../../domain/access/actor.ts';
import type { TokenVerifier } from '../ports/security/access-tokens.ts';
import type { RevocationList } from '../ports/security/revocation-list.ts';
import type { Clock } from '../ports/system/clock.ts';

export interface AuthenticateCommand {
  /** The access token as it was presented. */
  readonly token: string;
}

interface Dependencies {
  readonly clock: Clock;
  readonly tokenVerifier: TokenVerifier;
  readonly revocationList: RevocationList;
}

/** Tells who is behind an access token; no database is asked while the feed of revocations is up. */
export class Authenticate {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where the token does not count (any more)
   * @throws {Unavailable} when it cannot be told
   */
  async execute(command: AuthenticateCommand): Promise<UserActor | null> {
    const { clock, tokenVerifier, revocationList } = this.#deps;
    const now = clock.now();
    const claims = await tokenVerifier.verify(command.token, now);
    if (!claims || (await revocationList.isRevoked(claims, now))) return null;
    return actorOf(claims);
  }
}
