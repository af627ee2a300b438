import type { Actor, EnrollingActor, UserActor } from '../../domain/access/actor.ts';
import { EnrolmentInvalid, PasskeyLimit, Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeEnrolment } from '../../domain/access/policy.ts';
import { MAX_PASSKEYS, type Passkey, passkeyMethods } from '../../domain/access/second-factor.ts';
import type { RegisteredCredential, WebAuthn, WebAuthnJson } from '../ports/security/web-authn.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { type EnrolmentCompleting, prepareEnrolment } from '../steps/complete-enrolment.ts';
import { loadAccount } from '../steps/load-account.ts';
import { type PasskeyChallenging, takeChallenge } from '../steps/passkey-challenge.ts';
import { requireSecondFactor } from '../steps/require-step-up.ts';

export interface FinishPasskeyRegistrationCommand {
  readonly actor: Actor;
  /** What the browser answered. */
  readonly response: WebAuthnJson;
  /** What the owner calls the passkey, 1 to 100 characters. */
  readonly name: string;
}

/** The passkey counts from now on. */
export interface FinishedPasskeyRegistration {
  readonly passkey: Passkey;
  /** Ten for an account that had none, shown this once; otherwise none. */
  readonly recoveryCodes: readonly string[];
}

interface Dependencies extends PasskeyChallenging, EnrolmentCompleting {
  readonly webAuthn: WebAuthn;
  readonly unitOfWork: UnitOfWork<
    'users' | 'tenants' | 'sessions' | 'secondFactors' | 'oneTimeTokens' | 'outbox' | 'audit'
  >;
}

/** Registers a passkey (WebAuthn Level 3, section 7.1). */
export class FinishPasskeyRegistration {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws {EnrolmentInvalid} where the response does not answer a challenge that the actor was given moments ago
   * @throws {PasskeyLimit} where the credential is registered already, or the account has as many as it may have
   * @throws {StepUpRequired} where the account has got a second factor meanwhile that the session does not know of
   * @throws {UserConflict} where the account was changed meanwhile, by another registration for one
   */
  async execute(command: FinishPasskeyRegistrationCommand): Promise<FinishedPasskeyRegistration> {
    const actor = authorizeEnrolment(command.actor, 'factors.confirm');
    const credential = await this.#verified(actor, command.response);
    const { unitOfWork } = this.#deps;
    const account = await loadAccount(unitOfWork, actor.tenantId, actor.userId);
    if (!account) throw new Unauthenticated();
    const { user } = account;
    const factors = await requireSecondFactor(this.#deps, actor);
    if (factors.passkeys >= MAX_PASSKEYS) throw new PasskeyLimit();
    const passkey = this.#passkeyOf(actor, credential, command.name);
    const enrolment = await prepareEnrolment(this.#deps, {
      actor,
      user,
      factor: 'passkey',
      added: passkeyMethods(passkey.deviceType, false),
      withRecoveryCodes: factors.recoveryCodes === 0,
    });
    await unitOfWork.run(user.tenantId, async (stores) => {
      await stores.secondFactors.addPasskey(passkey);
      await enrolment.keep(stores);
    });
    return { passkey, recoveryCodes: enrolment.recoveryCodes };
  }

  async #verified(actor: UserActor | EnrollingActor, response: WebAuthnJson): Promise<RegisteredCredential> {
    const { webAuthn } = this.#deps;
    const challenge = webAuthn.claimOf(response)?.challenge;
    const use = challenge === undefined ? null : await takeChallenge(this.#deps, challenge);
    const isOwn = use?.kind === 'registration' && use.userId === actor.userId;
    const credential =
      isOwn && challenge !== undefined ? await webAuthn.verifyRegistration(response, challenge) : null;
    if (!credential) throw new EnrolmentInvalid();
    return credential;
  }

  #passkeyOf(
    { tenantId, userId }: UserActor | EnrollingActor,
    credential: RegisteredCredential,
    name: string,
  ): Passkey {
    const { clock, idGenerator } = this.#deps;
    const id = idGenerator.next();
    return { id, tenantId, userId, ...credential, name, createdAt: clock.now(), lastUsedAt: null };
  }
}
