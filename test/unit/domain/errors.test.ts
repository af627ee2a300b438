import { expect } from 'chai';
import * as access from '../../../src/domain/access/errors.ts';
import * as cases from '../../../src/domain/cases/errors.ts';
import * as identity from '../../../src/domain/identity/errors.ts';
import * as legacy from '../../../src/domain/legacy/errors.ts';
import { DomainError } from '../../../src/domain/shared/domain-error.ts';
import * as shared from '../../../src/domain/shared/errors.ts';
import * as tenancy from '../../../src/domain/tenancy/errors.ts';

/** What the HTTP contract and its clients depend on. */
const CODES = {
  Unauthenticated: 'access.unauthenticated',
  Forbidden: 'access.forbidden',
  InvalidCredentials: 'access.invalid-credentials',
  RateLimited: 'request.rate-limited',
  RefreshInvalid: 'access.refresh-invalid',
  RefreshReused: 'access.refresh-reused',
  Unavailable: 'request.unavailable',
  TokenInvalid: 'access.token-invalid',
  SecondFactorInvalid: 'access.second-factor-invalid',
  PasskeyRefused: 'access.passkey-refused',
  StepUpRequired: 'access.step-up-required',
  LastSecondFactor: 'access.last-second-factor',
  EnrolmentInvalid: 'access.enrolment-invalid',
  PasskeyLimit: 'access.passkey-limit',
  MfaResetPending: 'access.mfa-reset-pending',
  ReasonRejected: 'access.reason-rejected',
  CaseLanguageRejected: 'cases.language-rejected',
  CaseTextRejected: 'cases.text-rejected',
  CaseReasonRejected: 'cases.reason-rejected',
  CaseConflict: 'cases.conflict',
  CaseNotAllowedInState: 'cases.not-allowed-in-state',
  FollowUpsOver: 'cases.not-allowed-in-state',
  PhysicianNotEligible: 'cases.physician-not-eligible',
  ReceiptUnknown: 'cases.receipt-unknown',
  OutcomeRejected: 'cases.outcome-rejected',
  GrantReviewed: 'cases.grant-reviewed',
  SubmissionHidden: 'cases.submission-hidden',
  LegacyQuestionTooLong: 'cases.legacy-question-too-long',
  EmailTaken: 'identity.email-taken',
  EmailRejected: 'identity.email-rejected',
  LanguageRejected: 'identity.language-rejected',
  PasswordRejected: 'identity.password-rejected',
  PasswordHashRejected: 'identity.password-hash-rejected',
  LastAdmin: 'identity.last-admin',
  UserConflict: 'identity.conflict',
  EmailNotVerified: 'identity.email-not-verified',
  PhysicianExists: 'identity.physician-exists',
  NotAPhysician: 'identity.not-a-physician',
  PhysicianConflict: 'identity.physician-conflict',
  TooManyLanguages: 'identity.too-many-languages',
  PoolRejected: 'identity.pool-rejected',
  CaseLimitRejected: 'identity.case-limit-rejected',
  IdentifierRejected: 'legacy.identifier-rejected',
  LegacyProofRefused: 'legacy.proof-refused',
  ClaimDecided: 'legacy.claim-decided',
  IdentifierTaken: 'legacy.identifier-taken',
  IdentifierIsPlaceholder: 'legacy.identifier-placeholder',
  LinkAccountUnknown: 'legacy.account-unknown',
  LegacyLinkRequired: 'legacy.link-required',
  IdempotencyKeyReused: 'request.idempotency-key-reused',
  IdempotencyKeyInUse: 'request.idempotency-key-in-use',
  SlugRejected: 'tenancy.slug-rejected',
  SlugTaken: 'tenancy.slug-taken',
  TenantPoolRejected: 'tenancy.pool-rejected',
  DueHoursRejected: 'tenancy.due-hours-rejected',
  TenantConflict: 'tenancy.conflict',
  UnknownTenant: 'tenancy.unknown-tenant',
} as const;

const refusals = [
  new access.Unauthenticated(),
  new access.Forbidden(),
  new access.InvalidCredentials(),
  new access.RateLimited(7),
  new access.RefreshInvalid(),
  new access.RefreshReused(),
  new access.Unavailable(),
  new access.TokenInvalid(),
  new access.SecondFactorInvalid(),
  new access.PasskeyRefused(),
  new access.StepUpRequired(),
  new access.LastSecondFactor(),
  new access.EnrolmentInvalid(),
  new access.PasskeyLimit(),
  new access.MfaResetPending(),
  new access.ReasonRejected(),
  new cases.CaseLanguageRejected(),
  new cases.CaseTextRejected(),
  new cases.CaseReasonRejected(),
  new cases.CaseConflict(),
  new cases.CaseNotAllowedInState('closed'),
  new cases.FollowUpsOver(),
  new cases.PhysicianNotEligible('other-pool'),
  new cases.ReceiptUnknown(),
  new cases.OutcomeRejected(),
  new cases.GrantReviewed(),
  new cases.SubmissionHidden(),
  new cases.LegacyQuestionTooLong(),
  new identity.EmailTaken(),
  new identity.EmailRejected(),
  new identity.LanguageRejected(),
  new identity.PasswordRejected('common'),
  new identity.PasswordHashRejected(),
  new identity.LastAdmin(),
  new identity.UserConflict(),
  new identity.EmailNotVerified(),
  new identity.PhysicianExists(),
  new identity.NotAPhysician(),
  new identity.PhysicianConflict(),
  new identity.TooManyLanguages(),
  new identity.PoolRejected(),
  new identity.CaseLimitRejected(),
  new legacy.IdentifierRejected(),
  new legacy.LegacyProofRefused(),
  new legacy.ClaimDecided(),
  new legacy.IdentifierTaken(),
  new legacy.IdentifierIsPlaceholder(),
  new legacy.LinkAccountUnknown(),
  new legacy.LegacyLinkRequired('ticket'),
  new shared.IdempotencyKeyReused(),
  new shared.IdempotencyKeyInUse(),
  new tenancy.SlugRejected(),
  new tenancy.SlugTaken(),
  new tenancy.TenantPoolRejected(),
  new tenancy.DueHoursRejected(),
  new tenancy.TenantConflict(),
  new tenancy.UnknownTenant(),
];

describe('A refusal', () => {
  it('has the code that its clients know, and no class is forgotten here', () => {
    expect(Object.fromEntries(refusals.map(({ name, code }) => [name, code]))).to.deep.equal(CODES);
    const declared = [access, cases, identity, legacy, shared, tenancy].flatMap((errors) =>
      Object.keys(errors),
    );
    expect(Object.keys(CODES)).to.have.members(declared);
  });

  it('is told from a fault by its class', () => {
    for (const refusal of refusals) expect(refusal).to.be.instanceOf(DomainError).and.instanceOf(Error);
  });

  it('says what to do in a sentence', () => {
    for (const { message } of refusals) expect(message).to.match(/^[A-Z].*\.$/s);
  });

  it('says after how many seconds another attempt makes sense', () => {
    expect(new access.RateLimited(7).retryAfterSeconds).to.equal(7);
    expect(new access.Unavailable().retryAfterSeconds).to.equal(1);
    expect(new access.Unavailable(30).retryAfterSeconds).to.equal(30);
    expect(new shared.IdempotencyKeyInUse().retryAfterSeconds).to.equal(1);
  });

  it('of a password says why, and how long it has to be', () => {
    const tooShort = new identity.PasswordRejected('too-short', 15);
    expect(tooShort.reason).to.equal('too-short');
    expect(tooShort.message).to.contain('at least 15 characters');
    const reasons = ['too-short', 'too-long', 'common', 'context', 'ill-formed'] as const;
    const messages = reasons.map((reason) => new identity.PasswordRejected(reason).message);
    expect(new Set(messages).size).to.equal(reasons.length);
  });

  it('of an act on a case says in which state it is', () => {
    expect(new cases.CaseNotAllowedInState('closed').message).to.contain('closed');
  });

  it('of a physician says why no case can be given to him', () => {
    const reasons = [
      'out-of-reach',
      'inactive',
      'on-vacation',
      'other-pool',
      'other-language',
      'limit-reached',
    ] as const;
    const messages = reasons.map((reason) => new cases.PhysicianNotEligible(reason).message);
    expect(new Set(messages).size).to.equal(reasons.length);
  });
});
