import type { Actor } from '../../domain/access/actor.ts';
import { InvalidCredentials, SecondFactorInvalid, Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { hasSecondFactor } from '../../domain/access/second-factor.ts';
import { authenticationLevel, type AuthenticationMethod } from '../../domain/access/session.ts';
import { isPresentablePassword, normalPassword } from '../../domain/identity/password-policy.ts';
import type { User } from '../../domain/identity/user.ts';
import type { TokenSigner } from '../ports/security/access-tokens.ts';
import type { PasswordHasher } from '../ports/security/password-hasher.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { checkCode, type CodeChecking } from '../steps/check-code.ts';
import { loadAccount } from '../steps/load-account.ts';
import type { IssuedTokens } from '../steps/open-session.ts';
import { prove, type Proving } from '../steps/prove.ts';

export interface StepUpCommand {
  readonly actor: Actor;
  readonly proof: { readonly password: string } | { readonly code: string };
}

/** An access token that says when the person last proved who he is; the session's refresh token stays. */
export type SteppedUp = Pick<IssuedTokens, 'accessToken' | 'expiresIn'>;

interface Dependencies extends Omit<CodeChecking & Proving, 'unitOfWork'> {
  readonly passwordHasher: PasswordHasher;
  readonly tokenSigner: TokenSigner;
  readonly unitOfWork: UnitOfWork<
    'users' | 'tenants' | 'sessions' | 'secondFactors' | 'oneTimeTokens' | 'outbox' | 'audit'
  >;
}

/** Proves anew who somebody is who is signed in already (RFC 9470): before changing what guards the account. */
export class StepUp {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Where the account has a second factor that the session does not know of, a right proof clears no earlier failures, so that the other
   * factor cannot be guessed between proofs of the one.
   *
   * @throws {InvalidCredentials} where the password is wrong; it counts in the account's failure counter
   * @throws {SecondFactorInvalid} where the code is wrong or was used; it counts likewise
   * @throws {RateLimited} while the account is locked
   */
  async execute(command: StepUpCommand): Promise<SteppedUp> {
    const actor = authorizeUser(command.actor, 'sessions.manage');
    const account = await loadAccount(this.#deps.unitOfWork, actor.tenantId, actor.userId);
    if (!account) throw new Unauthenticated();
    const { user } = account;
    if ('password' in command.proof && !isPresentablePassword(command.proof.password)) {
      throw new InvalidCredentials();
    }
    const proof = await prove(this.#deps, {
      actor,
      account,
      action: 'access.step-up-refused',
      compare: () => this.#provenBy(user, command.proof),
    });
    if (!proof) throw 'password' in command.proof ? new InvalidCredentials() : new SecondFactorInvalid();
    const { amr, ...steppedUp } = await this.#elevate(actor, user, proof.value);
    await ((await this.#isWhole(user, amr)) ? proof.clear() : proof.giveBack());
    return steppedUp;
  }

  async #isWhole({ id, tenantId }: User, amr: readonly AuthenticationMethod[]): Promise<boolean> {
    if (authenticationLevel(amr) === 'aal2') return true;
    return !hasSecondFactor(await this.#deps.unitOfWork.stores(tenantId).secondFactors.summary(id));
  }

  async #provenBy(user: User, proof: StepUpCommand['proof']): Promise<AuthenticationMethod | null> {
    if ('password' in proof) {
      const password = normalPassword(proof.password);
      const { matches } = await this.#deps.passwordHasher.verify(password, user.passwordHash);
      return matches ? 'pwd' : null;
    }
    const useCode = await checkCode(this.#deps, user, proof);
    const { secondFactors } = this.#deps.unitOfWork.stores(user.tenantId);
    return useCode && (await useCode(secondFactors)) ? 'otp' : null;
  }

  async #elevate(
    actor: ReturnType<typeof authorizeUser>,
    user: User,
    method: AuthenticationMethod,
  ): Promise<SteppedUp & { readonly amr: readonly AuthenticationMethod[] }> {
    const { clock, idGenerator, tokenSigner, unitOfWork } = this.#deps;
    const { sessionId, tenantId, userId } = actor;
    const now = clock.now();
    const subject = { type: 'session', id: sessionId };
    const act = { action: 'access.stepped-up', subject, details: { method } };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    const session = await unitOfWork.run(tenantId, async ({ sessions, audit }) => {
      const joined = await sessions.elevate(userId, sessionId, [method], now);
      if (joined) await audit.add(entry);
      return joined && sessions.find(sessionId);
    });
    if (!session) throw new Unauthenticated();
    const { amr, expiresAt } = session;
    const { role, tokenEpoch: epoch } = user;
    const claims = { userId, tenantId, sessionId, role, epoch, amr, authTime: now };
    const { token, expiresInSeconds } = await tokenSigner.sign(claims, now, expiresAt);
    return { amr, accessToken: token, expiresIn: expiresInSeconds };
  }
}
