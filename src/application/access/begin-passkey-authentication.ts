import { SecondFactorInvalid } from '../../domain/access/errors.ts';
import type { Passkey } from '../../domain/access/second-factor.ts';
import type { ChallengeId } from '../../domain/shared/ids.ts';
import type { SecretGenerator } from '../ports/security/secret-generator.ts';
import type { WebAuthn, WebAuthnJson } from '../ports/security/web-authn.ts';
import type { SignInChallengeStore } from '../ports/stores/sign-in-challenge-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { giveChallenge, type PasskeyChallenging } from '../steps/passkey-challenge.ts';

export interface BeginPasskeyAuthenticationCommand {
  /** The sign-in that the passkey is to complete; without one the passkey is to be the sign-in, and tells whose it is. */
  readonly challengeId?: ChallengeId | undefined;
}

interface Dependencies extends PasskeyChallenging {
  readonly secretGenerator: SecretGenerator;
  readonly signInChallenges: SignInChallengeStore;
  readonly webAuthn: WebAuthn;
  readonly unitOfWork: UnitOfWork<'secondFactors'>;
}

/** Begins a sign-in by passkey (WebAuthn Level 3, section 7.2). */
export class BeginPasskeyAuthentication {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns what the browser is to be given
   * @throws {SecondFactorInvalid} where the sign-in does not wait (any more), or its account has no passkey
   */
  async execute({ challengeId }: BeginPasskeyAuthenticationCommand): Promise<WebAuthnJson> {
    const allowed = challengeId === undefined ? null : await this.#passkeysFor(challengeId);
    const use = { kind: 'authentication', signInChallengeId: challengeId ?? null } as const;
    const challenge = await giveChallenge(this.#deps, use);
    return this.#deps.webAuthn.authenticationOptions(challenge, allowed);
  }

  async #passkeysFor(challengeId: ChallengeId): Promise<readonly Passkey[]> {
    const { clock, signInChallenges, unitOfWork } = this.#deps;
    const waiting = await signInChallenges.find(challengeId, clock.now());
    if (!waiting) throw new SecondFactorInvalid();
    const { secondFactors } = unitOfWork.stores(waiting.tenantId);
    const passkeys = await secondFactors.listPasskeys(waiting.userId);
    if (passkeys.length === 0) throw new SecondFactorInvalid();
    return passkeys;
  }
}
