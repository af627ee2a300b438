import { RateLimited, SecondFactorInvalid } from '../../domain/access/errors.ts';
import { joinMethods, type SessionClient } from '../../domain/access/session.ts';
import type { SignInChallenge } from '../../domain/access/sign-in-challenge.ts';
import type { User } from '../../domain/identity/user.ts';
import type { ChallengeId } from '../../domain/shared/ids.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { SignInChallengeStore } from '../ports/stores/sign-in-challenge-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { challengedAccount } from '../steps/challenged-account.ts';
import { checkCode, type CodeChecking, type TypedCode } from '../steps/check-code.ts';
import { basisOf, type SignedIn } from '../steps/continue-sign-in.ts';
import { failureCounterKey } from '../steps/failure-counter-key.ts';
import type { Account } from '../steps/load-account.ts';
import type { MailOnRequest } from '../steps/mail-on-request.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { openSession, type SessionOpening } from '../steps/open-session.ts';
import { addAll } from '../steps/outbox-mail.ts';
import { recordFailure, reserveProof } from '../steps/record-failure.ts';

export interface AnswerChallengeCommand {
  readonly challengeId: ChallengeId;
  readonly answer: TypedCode;
  readonly client: SessionClient;
}

interface Dependencies extends Omit<CodeChecking & MailOnRequest & SessionOpening, 'unitOfWork'> {
  readonly failureCounters: FailureCounterStore;
  readonly signInChallenges: SignInChallengeStore;
  readonly unitOfWork: UnitOfWork<
    'users' | 'tenants' | 'sessions' | 'secondFactors' | 'oneTimeTokens' | 'outbox' | 'audit'
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
    const { clock, failureCounters, keyedHash, signInChallenges } = this.#deps;
    const { challengeId, answer, client } = command;
    const reservation = await signInChallenges.reserve(challengeId, clock.now());
    if (reservation.kind === 'unknown') throw new SecondFactorInvalid();
    if (reservation.kind === 'spent') throw new RateLimited(reservation.retryAfterSeconds);
    const { challenge } = reservation;
    const account = await challengedAccount(this.#deps, challenge);
    if (!account) throw new SecondFactorInvalid();

    const { user, tenant } = account;
    const key = failureCounterKey(keyedHash, tenant.slug, user.email);
    const { failures } = await this.#reserve(challengeId, key);
    const signedIn = await this.#admit(challenge, account, answer, client);
    if (!signedIn) {
      const { tenantId, email: address } = user;
      const actor = { kind: 'anonymous', tenantId } as const;
      const action = 'access.second-factor-refused';
      await recordFailure(this.#deps, { actor, tenantId, address, user, action, failures });
      throw new SecondFactorInvalid();
    }
    await failureCounters.clear(key);
    return signedIn;
  }

  /** An attempt that the account's counter does not let through was none at the challenge. */
  async #reserve(challengeId: ChallengeId, counterKey: Uint8Array): ReturnType<typeof reserveProof> {
    try {
      return await reserveProof(this.#deps, counterKey);
    } catch (error) {
      await this.#deps.signInChallenges.giveBack(challengeId);
      throw error;
    }
  }

  /** Answered rightly twice at once, by two different codes, a challenge opens two sessions: each took the password and a code. */
  async #admit(
    challenge: SignInChallenge,
    { user }: Account,
    answer: TypedCode,
    client: SessionClient,
  ): Promise<SignedIn | null> {
    const { clock, signInChallenges, unitOfWork } = this.#deps;
    const useCode = await checkCode(this.#deps, user, answer);
    if (!useCode) return null;
    const amr = joinMethods(challenge.amr, ['otp']);
    const opened = await openSession(this.#deps, { user, amr, client }, clock.now());
    const notices = 'recoveryCode' in answer ? [await this.#notice(user)] : [];
    const admitted = await unitOfWork.run(user.tenantId, async ({ secondFactors, sessions, outbox }) => {
      if (!(await useCode(secondFactors))) return false;
      // Thrown, so that the code stays unused: the account was changed while it was checked.
      if (!(await opened.addTo(sessions, basisOf(user, amr)))) throw new SecondFactorInvalid();
      await addAll(outbox, notices);
      return true;
    });
    if (!admitted) return null;
    await signInChallenges.complete(challenge.id, clock.now());
    return { kind: 'signed-in', user, tokens: opened.tokens };
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
