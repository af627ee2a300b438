import type { Actor, EnrollingActor, UserActor } from '../../domain/access/actor.ts';
import { EnrolmentInvalid, SecondFactorInvalid, Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeEnrolment } from '../../domain/access/policy.ts';
import { TOTP_ENROLMENT_SECONDS } from '../../domain/access/second-factor.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type { SealedText, TextCipher } from '../ports/security/text-cipher.ts';
import type { Totp } from '../ports/security/totp.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { totpPlace } from '../steps/check-code.ts';
import { prepareEnrolment } from '../steps/complete-enrolment.ts';
import { type Account, loadAccount } from '../steps/load-account.ts';
import { prove, type Proving } from '../steps/prove.ts';
import { requireSecondFactor } from '../steps/require-step-up.ts';

export interface ConfirmTotpEnrolmentCommand {
  readonly actor: Actor;
  /** The first code that the authenticator app shows. */
  readonly code: string;
}

/** The authenticator app counts from now on. */
export interface ConfirmedTotpEnrolment {
  /** Ten, each good for one sign-in without the app; shown this once. */
  readonly recoveryCodes: readonly string[];
}

interface Dependencies extends Proving {
  readonly textCipher: TextCipher;
  readonly totp: Totp;
  readonly unitOfWork: UnitOfWork<
    'users' | 'tenants' | 'sessions' | 'secondFactors' | 'oneTimeTokens' | 'outbox' | 'audit'
  >;
}

/** Confirms an authenticator app by its first code; the code is used up by it. Former recovery codes stop counting. */
export class ConfirmTotpEnrolment {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws {EnrolmentInvalid} where none was begun, or too long ago, or it was begun anew meanwhile
   * @throws {StepUpRequired} where the account has got a second factor meanwhile that the session does not know of
   * @throws {SecondFactorInvalid} where the code is wrong; it counts in the account's failure counter
   * @throws {RateLimited} while the account is locked
   * @throws {UserConflict} where the account was changed meanwhile
   */
  async execute(command: ConfirmTotpEnrolmentCommand): Promise<ConfirmedTotpEnrolment> {
    const actor = authorizeEnrolment(command.actor, 'factors.confirm');
    const account = await loadAccount(this.#deps.unitOfWork, actor.tenantId, actor.userId);
    if (!account) throw new Unauthenticated();
    await requireSecondFactor(this.#deps, actor);
    const pending = await this.#pending(account);
    const proof = await prove(this.#deps, {
      actor,
      account,
      action: 'access.second-factor-refused',
      compare: () => this.#matchingStep(account, pending, command.code),
    });
    if (!proof) throw new SecondFactorInvalid();
    await proof.clear();
    return { recoveryCodes: await this.#keep(actor, account, pending, proof.value) };
  }

  /** The secret that waits for its first code. */
  async #pending({ user }: Account): Promise<SealedText> {
    const { clock, unitOfWork } = this.#deps;
    const secrets = await unitOfWork.stores(user.tenantId).secondFactors.findTotp(user.id);
    const { pending = null, pendingSince = null } = secrets ?? {};
    if (!pending || !pendingSince) throw new EnrolmentInvalid();
    if (clock.now() >= addSeconds(pendingSince, TOTP_ENROLMENT_SECONDS)) throw new EnrolmentInvalid();
    return pending;
  }

  async #matchingStep({ user }: Account, sealed: SealedText, code: string): Promise<number | null> {
    const { clock, textCipher, totp } = this.#deps;
    const secret = await textCipher.open(totpPlace(user.tenantId, user.id), sealed);
    return totp.matchingStep(secret, code, clock.now());
  }

  async #keep(
    actor: UserActor | EnrollingActor,
    account: Account,
    pending: SealedText,
    step: number,
  ): Promise<readonly string[]> {
    const { clock, unitOfWork } = this.#deps;
    const { user } = account;
    const enrolment = await prepareEnrolment(this.#deps, {
      actor,
      user,
      factor: 'totp',
      added: ['otp'],
      withRecoveryCodes: true,
    });
    const confirm = (secret: SealedText): Promise<boolean> =>
      unitOfWork.run(user.tenantId, async (stores) => {
        if (!(await stores.secondFactors.confirmTotp(user.id, secret, step, clock.now()))) return false;
        await enrolment.keep(stores);
        return true;
      });
    if (!(await confirm(pending))) await this.#confirmResealed(account, pending, confirm);
    return enrolment.recoveryCodes;
  }

  /** A secret that was sealed anew meanwhile, under a new key, is still the one that the code was held against. */
  async #confirmResealed(
    account: Account,
    pending: SealedText,
    confirm: (secret: SealedText) => Promise<boolean>,
  ): Promise<void> {
    const { textCipher } = this.#deps;
    const place = totpPlace(account.user.tenantId, account.user.id);
    const latest = await this.#pending(account);
    const isSame = (await textCipher.open(place, latest)) === (await textCipher.open(place, pending));
    if (!isSame || !(await confirm(latest))) throw new EnrolmentInvalid();
  }
}
