import { RateLimited, SecondFactorInvalid } from '../../domain/access/errors.ts';
import { joinMethods, type SessionClient } from '../../domain/access/session.ts';
import type { SignInChallenge } from '../../domain/access/sign-in-challenge.ts';
import type { User } from '../../domain/identity/user.ts';
import type { ChallengeId } from '../../domain/shared/ids.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { SignInChallengeStore } from '../ports/stores/sign-in-challenge-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { challengedAccount } from '../steps/challenged-account.ts';
import { checkCode, type CodeChecking, type TypedCode } from '../steps/check-code.ts';
import { basisOf, type SignedIn } from '../steps/continue-sign-in.ts';
import type { Account } from '../steps/load-account.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { openSession, type SessionOpening } from '../steps/open-session.ts';
import { addAll } from '../steps/outbox-mail.ts';
import { type Proof, prove, type Proving } from '../steps/prove.ts';

export interface AnswerChallengeCommand {
  readonly challengeId: ChallengeId;
  readonly answer: TypedCode;
  readonly client: SessionClient;
}

interface Dependencies extends Omit<CodeChecking & Proving & SessionOpening, 'unitOfWork'> {
  readonly signInChallenges: SignInChallengeStore;
  readonly unitOfWork: UnitOfWork<
    | 'users'
    | 'tenants'
    | 'sessions'
    | 'secondFactors'
    | 'signInChallenges'
    | 'oneTimeTokens'
    | 'outbox'
    | 'audit'
  >;
}

/** Completes a sign-in with the code of an authenticator app, or with a recovery code. */
export class AnswerChallenge {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * The answer is counted as wrong before it is compared, both for the challenge and in the account's counter. Code, session and
   * audit entry are kept together.
   *
   * @throws {SecondFactorInvalid} where the code is wrong or was used, or the challenge does not wait (any more)
   * @throws {RateLimited} where the challenge or the account's counter is spent
   */
  async execute(command: AnswerChallengeCommand): Promise<SignedIn> {
    const { clock, signInChallenges } = this.#deps;
    const { challengeId, answer, client } = command;
    const reservation = await signInChallenges.reserve(challengeId, clock.now());
    if (reservation.kind === 'unknown') throw new SecondFactorInvalid();
    if (reservation.kind === 'spent') throw new RateLimited(reservation.retryAfterSeconds);
    const { challenge } = reservation;
    const account = await challengedAccount(this.#deps, challenge);
    if (!account) throw new SecondFactorInvalid();

    const proof = await this.#prove(challenge, account, answer, client);
    if (!proof) throw new SecondFactorInvalid();
    await proof.clear();
    return proof.value;
  }

  /** What the account's counter does not let through, or could not be compared, was no answer to the challenge either. */
  async #prove(
    challenge: SignInChallenge,
    account: Account,
    answer: TypedCode,
    client: SessionClient,
  ): Promise<Proof<SignedIn> | null> {
    try {
      return await prove(this.#deps, {
        actor: { kind: 'anonymous', tenantId: account.tenant.id },
        account,
        action: 'access.second-factor-refused',
        compare: () => this.#admit(challenge, account, answer, client),
      });
    } catch (error) {
      await this.#deps.signInChallenges.giveBack(challenge.id);
      throw error;
    }
  }

  /** Of several right answers at once, one completes the challenge; the others use up nothing. */
  async #admit(
    challenge: SignInChallenge,
    { user }: Account,
    answer: TypedCode,
    client: SessionClient,
  ): Promise<SignedIn | null> {
    const { clock, unitOfWork } = this.#deps;
    const useCode = await checkCode(this.#deps, user, answer);
    if (!useCode) return null;
    const amr = joinMethods(challenge.amr, ['otp']);
    const now = clock.now();
    const { legacy } = challenge;
    const opened = await openSession(this.#deps, { user, amr, client, legacy }, now);
    const notices = 'recoveryCode' in answer ? [await this.#notice(user)] : [];
    const admitted = await unitOfWork.run(user.tenantId, async (stores) => {
      if (!(await useCode(stores.secondFactors))) return false;
      // Thrown, so that the code stays unused: the challenge was answered already, or the account was changed meanwhile.
      if (!(await stores.signInChallenges.complete(challenge.id, now))) throw new SecondFactorInvalid();
      if (!(await opened.addTo(stores.sessions, basisOf(user, amr)))) throw new SecondFactorInvalid();
      await addAll(stores.outbox, notices);
      return true;
    });
    return admitted ? { kind: 'signed-in', user, tokens: opened.tokens, adopted: [] } : null;
  }

  /** For the owner of a recovery code that is about to be used. */
  async #notice(user: User): Promise<OutboxEntry> {
    const { recoveryCodes } = await this.#deps.unitOfWork
      .stores(user.tenantId)
      .secondFactors.summary(user.id);
    const remaining = Math.max(0, recoveryCodes - 1);
    return noticeTo(this.#deps, user, { kind: 'recovery-code-used', remaining });
  }
}
