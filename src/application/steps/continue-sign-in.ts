import { EmailNotVerified } from '../../domain/identity/errors.ts';
import {
  type FactorSummary,
  methodsOf,
  nextSignInStep,
  type SecondFactorMethod,
} from '../../domain/access/second-factor.ts';
import type {
  AuthenticationMethod,
  LegacyBond,
  SessionClient,
  SignInBasis,
} from '../../domain/access/session.ts';
import { createChallenge } from '../../domain/access/sign-in-challenge.ts';
import type { User } from '../../domain/identity/user.ts';
import type { CaseId, ChallengeId } from '../../domain/shared/ids.ts';
import type { Tenant } from '../../domain/tenancy/tenant.ts';
import type { SignInChallengeStore } from '../ports/stores/sign-in-challenge-store.ts';
import type { Stores, UnitOfWork } from '../ports/unit-of-work.ts';
import { adoptCases } from './adopt-cases.ts';
import { issueToken, type TokenMaking } from './one-time-tokens.ts';
import { type IssuedTokens, openSession, type SessionOpening } from './open-session.ts';
import { passwordFingerprint } from './password-fingerprint.ts';

/** A session, opened. */
export interface SignedIn {
  readonly kind: 'signed-in';
  readonly user: User;
  readonly tokens: IssuedTokens;
  /** The anonymous cases that became his by the receipts that came with it. */
  readonly adopted: readonly CaseId[];
}

/** The first proof was right, and the account has a second factor. */
export interface SecondFactorRequired {
  readonly kind: 'second-factor-required';
  readonly challengeId: ChallengeId;
  readonly methods: readonly SecondFactorMethod[];
}

/** The first proof was right, and the account must have a second factor and has none. */
export interface EnrolmentRequired {
  readonly kind: 'second-factor-enrolment-required';
  /** Good for enrolling a second factor, and for nothing else; a secret. */
  readonly enrolmentToken: string;
}

/** What a sign-in comes to, where nothing refuses it. */
export type SignInOutcome = SignedIn | SecondFactorRequired | EnrolmentRequired;

/** Somebody who has shown a proof. */
export interface Proven {
  readonly user: User;
  readonly tenant: Tenant;
  readonly factors: FactorSummary;
  readonly amr: readonly AuthenticationMethod[];
  readonly client: SessionClient;
  /** What the session is to stand on; where it is left out, the session stands by itself. */
  readonly legacy?: LegacyBond | null | undefined;
  /** Of anonymous cases that become his together with the session. */
  readonly receipts?: readonly string[] | undefined;
  /** What is kept together with the session, or not at all; where it gives `false`, no session is opened. */
  readonly within?: (stores: Pick<Stores, 'secondFactors' | 'signInChallenges'>) => Promise<boolean>;
}

/** What taking a sign-in further needs. */
export interface SignInContinuing extends SessionOpening, TokenMaking {
  readonly signInChallenges: SignInChallengeStore;
  readonly unitOfWork: UnitOfWork<
    'sessions' | 'secondFactors' | 'signInChallenges' | 'oneTimeTokens' | 'cases'
  >;
}

/**
 * Takes a sign-in further, as the installation's and the tenant's rules say: a session is opened, or a second factor is asked for, or
 * its enrolment.
 *
 * @returns `overtaken` where the account's password, role or active flag was changed meanwhile, or `within` gave `false`: no session
 *   was opened
 * @throws {EmailNotVerified} where the rules demand it
 */
export async function continueSignIn(
  deps: SignInContinuing,
  proven: Proven,
): Promise<SignInOutcome | 'overtaken'> {
  const { user, tenant, factors, amr } = proven;
  switch (nextSignInStep(user, tenant, factors, amr, deps.settings.signIn)) {
    case 'verify-email':
      throw new EmailNotVerified();
    case 'prove-second-factor':
      return challenge(deps, proven);
    case 'enrol-second-factor':
      return enrolment(deps, proven);
    case 'open-session':
      return session(deps, proven);
  }
}

/** A password that was not the proof may change meanwhile. */
export const basisOf = (
  { passwordHash, tokenEpoch }: User,
  amr: readonly AuthenticationMethod[],
): SignInBasis => ({ passwordHash: amr.includes('pwd') ? passwordHash : null, tokenEpoch });

async function session(
  deps: SignInContinuing,
  { user, amr, client, legacy, receipts = [], within }: Proven,
): Promise<SignedIn | 'overtaken'> {
  const { clock, unitOfWork } = deps;
  const now = clock.now();
  const opened = await openSession(deps, { user, amr, client, legacy }, now);
  const basis = basisOf(user, amr);
  if (!within && receipts.length === 0) {
    const isKept = await opened.addTo(unitOfWork.stores(user.tenantId).sessions, basis);
    return isKept ? { kind: 'signed-in', user, tokens: opened.tokens, adopted: [] } : 'overtaken';
  }
  return unitOfWork.run(user.tenantId, async (stores) => {
    if (within && !(await within(stores))) return 'overtaken';
    if (!(await opened.addTo(stores.sessions, basis))) return 'overtaken';
    const adopted = await adoptCases(deps, stores, user, receipts, now);
    return { kind: 'signed-in', user, tokens: opened.tokens, adopted };
  });
}

async function challenge(
  { clock, idGenerator, keyedHash, signInChallenges }: SignInContinuing,
  { user, factors, amr, legacy = null }: Proven,
): Promise<SecondFactorRequired> {
  const { id: userId, tenantId, tokenEpoch } = user;
  const fingerprint = passwordFingerprint(keyedHash, basisOf(user, amr).passwordHash);
  const made = createChallenge(
    { id: idGenerator.next(), tenantId, userId, amr, tokenEpoch, passwordFingerprint: fingerprint, legacy },
    clock.now(),
  );
  await signInChallenges.add(made);
  return { kind: 'second-factor-required', challengeId: made.id, methods: methodsOf(factors) };
}

async function enrolment(
  deps: SignInContinuing,
  { user, amr }: Proven,
): Promise<EnrolmentRequired | 'overtaken'> {
  const { token, stored } = issueToken(deps, user, 'factor-enrolment');
  const { oneTimeTokens } = deps.unitOfWork.stores(user.tenantId);
  const kept = await oneTimeTokens.putWhile(stored, basisOf(user, amr));
  return kept ? { kind: 'second-factor-enrolment-required', enrolmentToken: token } : 'overtaken';
}
