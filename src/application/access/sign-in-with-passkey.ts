import { PasskeyRefused } from '../../domain/access/errors.ts';
import { type Passkey, passkeyMethods } from '../../domain/access/second-factor.ts';
import { type AuthenticationMethod, joinMethods, type SessionClient } from '../../domain/access/session.ts';
import type { SignInChallenge } from '../../domain/access/sign-in-challenge.ts';
import type { PasskeyProof, WebAuthn, WebAuthnJson } from '../ports/security/web-authn.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';
import type { PasskeyDirectory } from '../ports/stores/second-factor-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { challengedAccount } from '../steps/challenged-account.ts';
import { continueSignIn, type SignInContinuing, type SignInOutcome } from '../steps/continue-sign-in.ts';
import { accountCounterKey } from '../steps/failure-counter-key.ts';
import { type Account, loadAccount } from '../steps/load-account.ts';
import { type PasskeyChallenging, takeChallenge } from '../steps/passkey-challenge.ts';

export interface SignInWithPasskeyCommand {
  /** What the browser answered. */
  readonly response: WebAuthnJson;
  readonly client: SessionClient;
}

interface Dependencies extends Omit<SignInContinuing, 'unitOfWork'>, PasskeyChallenging {
  readonly failureCounters: FailureCounterStore;
  readonly passkeyDirectory: PasskeyDirectory;
  readonly webAuthn: WebAuthn;
  readonly unitOfWork: UnitOfWork<
    | 'users'
    | 'tenants'
    | 'sessions'
    | 'secondFactors'
    | 'signInChallenges'
    | 'oneTimeTokens'
    | 'cases'
    | 'audit'
  >;
}

/** A passkey that has answered, and the sign-in that it is to complete, if any. */
interface Presented {
  readonly passkey: Passkey;
  readonly challenge: string;
  readonly waiting: SignInChallenge | null;
  readonly account: Account;
}

/**
 * Signs in by passkey (WebAuthn Level 3, section 7.2): without a name, and then the authenticator must have made sure of its owner,
 * which counts as two factors; or as the second factor of a sign-in that waits for one. A lock on guessing does not keep a passkey
 * out: there is nothing about it to guess.
 */
export class SignInWithPasskey {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws {PasskeyRefused} for whatever is not right: one answer for all
   * @throws {EmailNotVerified} where the installation demands a confirmed address
   */
  async execute(command: SignInWithPasskeyCommand): Promise<SignInOutcome> {
    const { failureCounters, keyedHash } = this.#deps;
    const presented = await this.#presented(command.response);
    if (!presented) throw new PasskeyRefused();
    const { account, waiting } = presented;
    const outcome = await this.#admit(presented, command);
    if (outcome === null || outcome === 'overtaken') {
      await this.#recordRefusal(account);
      throw new PasskeyRefused();
    }
    if (waiting) await failureCounters.clear(accountCounterKey(keyedHash, account));
    return outcome;
  }

  /** Of several right answers at once one opens a session; the passkey's counter and the challenge are kept together with it. */
  async #admit(
    { passkey, challenge, waiting, account }: Presented,
    { response, client }: SignInWithPasskeyCommand,
  ): Promise<SignInOutcome | 'overtaken' | null> {
    const { clock, unitOfWork, webAuthn } = this.#deps;
    const proof = await webAuthn.verifyAuthentication(response, challenge, passkey);
    if (!proof || !(waiting || proof.userVerified)) return null;
    const { secondFactors } = unitOfWork.stores(account.tenant.id);
    const now = clock.now();
    return continueSignIn(this.#deps, {
      ...account,
      factors: await secondFactors.summary(account.user.id),
      amr: methodsWith(waiting, passkey, proof),
      client,
      legacy: waiting?.legacy,
      within: async (stores) =>
        (await stores.secondFactors.usePasskey(passkey.id, proof.counter, now)) &&
        (waiting === null || stores.signInChallenges.complete(waiting.id, now)),
    });
  }

  async #presented(response: WebAuthnJson): Promise<Presented | null> {
    const { passkeyDirectory, signInChallenges, unitOfWork, webAuthn, clock } = this.#deps;
    const claim = webAuthn.claimOf(response);
    const use = claim && (await takeChallenge(this.#deps, claim.challenge));
    if (!claim || use?.kind !== 'authentication') return null;
    const passkey = await passkeyDirectory.find(claim.credentialId);
    if (!passkey) return null;
    const { challenge } = claim;
    if (use.signInChallengeId === null) {
      const account = await loadAccount(unitOfWork, passkey.tenantId, passkey.userId);
      return account && { passkey, challenge, waiting: null, account };
    }
    const waiting = await signInChallenges.find(use.signInChallengeId, clock.now());
    if (waiting?.userId !== passkey.userId) return null;
    const account = await challengedAccount(this.#deps, waiting);
    return account && { passkey, challenge, waiting, account };
  }

  async #recordRefusal({ user }: Account): Promise<void> {
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const actor = { kind: 'anonymous', tenantId: user.tenantId } as const;
    const act = { action: 'access.passkey-refused', subject: { type: 'user', id: user.id } };
    await unitOfWork.stores(user.tenantId).audit.add(auditEntryOf(idGenerator, actor, act, clock.now()));
  }
}

const methodsWith = (
  waiting: SignInChallenge | null,
  { deviceType }: Passkey,
  { userVerified }: PasskeyProof,
): readonly AuthenticationMethod[] =>
  joinMethods(waiting?.amr ?? [], passkeyMethods(deviceType, userVerified));
