import type { Actor } from '../../domain/access/actor.ts';
import { PasskeyLimit, Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeEnrolment } from '../../domain/access/policy.ts';
import { MAX_PASSKEYS } from '../../domain/access/second-factor.ts';
import type { SecretGenerator } from '../ports/security/secret-generator.ts';
import type { WebAuthn, WebAuthnJson } from '../ports/security/web-authn.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { giveChallenge, type PasskeyChallenging } from '../steps/passkey-challenge.ts';
import { requireStepUp } from '../steps/require-step-up.ts';

export interface BeginPasskeyRegistrationCommand {
  readonly actor: Actor;
}

interface Dependencies extends PasskeyChallenging {
  readonly secretGenerator: SecretGenerator;
  readonly webAuthn: WebAuthn;
  readonly unitOfWork: UnitOfWork<'users' | 'sessions' | 'secondFactors'>;
}

/** Begins the registration of a passkey (WebAuthn Level 3, section 7.1). */
export class BeginPasskeyRegistration {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns what the browser is to be given
   * @throws {StepUpRequired}
   * @throws {PasskeyLimit}
   */
  async execute(command: BeginPasskeyRegistrationCommand): Promise<WebAuthnJson> {
    const actor = authorizeEnrolment(command.actor, 'factors.enrol');
    const { tenantId, userId } = actor;
    const { passkeys } = await requireStepUp(this.#deps, actor);
    if (passkeys >= MAX_PASSKEYS) throw new PasskeyLimit();
    const { users, secondFactors } = this.#deps.unitOfWork.stores(tenantId);
    const [user, existing] = await Promise.all([users.find(userId), secondFactors.listPasskeys(userId)]);
    if (!user) throw new Unauthenticated();
    const challenge = await giveChallenge(this.#deps, { kind: 'registration', tenantId, userId });
    return this.#deps.webAuthn.registrationOptions({ userId, name: user.email }, challenge, existing);
  }
}
