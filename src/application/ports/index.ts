/** What somebody who writes an adapter needs: every port, the data that ports speak of, and the rules and refusals that stores share. */
export type * from './gateways/mail-content.ts';
export type * from './gateways/mailer.ts';
export type * from './legacy/assertion-verifier.ts';
export type * from './legacy/legacy-cookies.ts';
export type * from './legacy/legacy-index.ts';
export type * from './legacy/legacy-reconciliation.ts';
export type * from './legacy/legacy-requests.ts';
export type * from './legacy/legacy-sessions.ts';
export type * from './legacy/vendor-directory.ts';
export type * from './legacy/vendor-statements.ts';
export type * from './security/access-tokens.ts';
export type * from './security/audit-chain.ts';
export type * from './security/data-key-rotation.ts';
export type * from './security/key-provider.ts';
export type * from './security/keyed-hash.ts';
export type * from './security/password-block-list.ts';
export type * from './security/password-hasher.ts';
export type * from './security/refresh-tokens.ts';
export type * from './security/revocation-list.ts';
export type * from './security/secret-generator.ts';
export type * from './security/signing-keys.ts';
export type * from './security/text-cipher.ts';
export type * from './security/totp.ts';
export type * from './security/web-authn.ts';
export type * from './stores/account-directory.ts';
export type * from './stores/audit-seal-store.ts';
export type * from './stores/audit-trail.ts';
export type * from './stores/batch-run-store.ts';
export type * from './stores/break-glass-store.ts';
export type * from './stores/case-store.ts';
export type * from './stores/case-timers.ts';
export type * from './stores/data-key-store.ts';
export type * from './stores/expired-records.ts';
export type * from './stores/failure-counter-store.ts';
export type * from './stores/idempotency-key-store.ts';
export type * from './stores/imported-user-store.ts';
export type * from './stores/legacy-link-directory.ts';
export type * from './stores/legacy-link-store.ts';
export type * from './stores/legacy-ticket-store.ts';
export type * from './stores/mfa-reset-store.ts';
export type * from './stores/one-time-token-store.ts';
export type * from './stores/outbox.ts';
export type * from './stores/passkey-challenge-store.ts';
export type * from './stores/physician-store.ts';
export type * from './stores/refresh-token-store.ts';
export type * from './stores/sealed-text-store.ts';
export type * from './stores/second-factor-store.ts';
export type * from './stores/session-store.ts';
export type * from './stores/sign-in-challenge-store.ts';
export type * from './stores/signing-key-store.ts';
export type * from './stores/tenant-store.ts';
export type * from './stores/user-store.ts';
export type * from './system/clock.ts';
export type * from './system/id-generator.ts';
export type * from './system/settings.ts';
export type * from './unit-of-work.ts';

export type { AccessTokenClaims } from '../../domain/access/access-token.ts';
export type { FailureCounter, Reservation } from '../../domain/access/failure-counter.ts';
export type { MfaReset } from '../../domain/access/mfa-reset.ts';
export type { OneTimeToken, TokenPurpose } from '../../domain/access/one-time-token.ts';
export type { FactorSummary, Passkey, SignInRules } from '../../domain/access/second-factor.ts';
export type { ChallengeReservation, SignInChallenge } from '../../domain/access/sign-in-challenge.ts';
export type {
  AuthenticationMethod,
  Session,
  SessionClient,
  SessionEnd,
  SessionLifetime,
  SessionLifetimes,
} from '../../domain/access/session.ts';
export type {
  AuditHead,
  AuditLink,
  AuditSeal,
  ChainMac,
  ChainPart,
  RecordedEntry,
  SealedBatch,
} from '../../domain/audit/audit-chain.ts';
export type { AuditActor, AuditDetails, AuditEntry } from '../../domain/audit/audit-entry.ts';
export type {
  Case,
  CaseAuthorRole,
  CaseClock,
  CaseFlag,
  CaseMessageKind,
  CasePriority,
  CaseSource,
  CaseState,
  QueuedCase,
} from '../../domain/cases/case.ts';
export type { CaseActorRole, CaseEvent, CaseEventType } from '../../domain/cases/case-event.ts';
export type { CaseMail } from '../../domain/cases/case-mail.ts';
export type { Assignable, Routed } from '../../domain/cases/eligibility.ts';
export type { CaseIntake } from '../../domain/cases/submit-case.ts';
export type { Transition } from '../../domain/cases/transition.ts';
export type { CaseScope } from '../../domain/cases/visibility.ts';
export type { AccountMail, SecondFactorKind } from '../../domain/identity/account-mail.ts';
export type { EmailAddress } from '../../domain/shared/email-address.ts';
export type { Physician } from '../../domain/identity/physician.ts';
export type { Role, User } from '../../domain/identity/user.ts';
export type { LegacyFindingKind } from '../../domain/legacy/legacy-finding.ts';
export type { LegacyMail } from '../../domain/legacy/legacy-mail.ts';
export type { Vendor, VendorScope } from '../../domain/legacy/vendor.ts';
export type {
  CaseId,
  ChallengeId,
  MfaResetId,
  PasskeyId,
  PhysicianId,
  SessionId,
  TenantId,
  UserId,
} from '../../domain/shared/ids.ts';
export type { Language } from '../../domain/shared/language.ts';
export type { PoolName } from '../../domain/shared/pool-name.ts';
export type { Page, PagePosition, PageRequest } from '../../domain/shared/page.ts';
export type { Tenant } from '../../domain/tenancy/tenant.ts';

export { MfaResetPending, PasskeyLimit, Unauthenticated, Unavailable } from '../../domain/access/errors.ts';
export { giveBackAttempt, liftLock, reserveAttempt } from '../../domain/access/failure-counter.ts';
export { isLive, touchSession } from '../../domain/access/session.ts';
export { CHALLENGE_ATTEMPTS } from '../../domain/access/sign-in-challenge.ts';
export { normalEmail } from '../../domain/shared/email-address.ts';
export { normalIdentifier } from '../../domain/legacy/legacy-identifier.ts';
export { normalVendorId } from '../../domain/shared/vendor-id.ts';
export {
  EmailTaken,
  PhysicianConflict,
  PhysicianExists,
  UserConflict,
} from '../../domain/identity/errors.ts';
export { assertOwnTenant } from '../../domain/shared/own-tenant.ts';
export { isBeyond, newestFirst, pageOf } from '../../domain/shared/page.ts';
export { SlugTaken, TenantConflict } from '../../domain/tenancy/errors.ts';
