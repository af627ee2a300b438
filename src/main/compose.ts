import { Container } from 'inversify';
import type { Adapters } from '../application/adapters.ts';
import type { Application } from '../application/application.ts';
import { AnswerChallenge } from '../application/access/answer-challenge.ts';
import { AuthenticateEnrolment } from '../application/access/authenticate-enrolment.ts';
import { Authenticate } from '../application/access/authenticate.ts';
import { BeginPasskeyAuthentication } from '../application/access/begin-passkey-authentication.ts';
import { BeginPasskeyRegistration } from '../application/access/begin-passkey-registration.ts';
import { BeginTotpEnrolment } from '../application/access/begin-totp-enrolment.ts';
import { CancelMfaReset } from '../application/access/cancel-mfa-reset.ts';
import { CompleteMfaResets } from '../application/access/complete-mfa-resets.ts';
import { ConfirmTotpEnrolment } from '../application/access/confirm-totp-enrolment.ts';
import { FinishPasskeyRegistration } from '../application/access/finish-passkey-registration.ts';
import { ListPasskeys } from '../application/access/list-passkeys.ts';
import { ListPublicKeys } from '../application/access/list-public-keys.ts';
import { ListSessions } from '../application/access/list-sessions.ts';
import { ListSigningKeys } from '../application/access/list-signing-keys.ts';
import { Login } from '../application/access/login.ts';
import { Logout } from '../application/access/logout.ts';
import { PurgeExpired } from '../application/access/purge-expired.ts';
import { RefreshToken } from '../application/access/refresh-token.ts';
import { RemovePasskey } from '../application/access/remove-passkey.ts';
import { RemoveTotp } from '../application/access/remove-totp.ts';
import { RequestMfaReset } from '../application/access/request-mfa-reset.ts';
import { RevokeOtherSessions } from '../application/access/revoke-other-sessions.ts';
import { RevokeSession } from '../application/access/revoke-session.ts';
import { RevokeUserSessions } from '../application/access/revoke-user-sessions.ts';
import { RotateDataKeys } from '../application/access/rotate-data-keys.ts';
import { RotateSigningKeys } from '../application/access/rotate-signing-keys.ts';
import { SignInWithPasskey } from '../application/access/sign-in-with-passkey.ts';
import { StepUp } from '../application/access/step-up.ts';
import { UnlockAccount } from '../application/access/unlock-account.ts';
import { UnlockUser } from '../application/access/unlock-user.ts';
import { AdoptCases } from '../application/cases/adopt-cases.ts';
import { AdoptLegacyCase } from '../application/cases/adopt-legacy-case.ts';
import { AmendAnswer } from '../application/cases/amend-answer.ts';
import { AnswerCase } from '../application/cases/answer-case.ts';
import { AskInfo } from '../application/cases/ask-info.ts';
import { AssignCase } from '../application/cases/assign-case.ts';
import { BreakGlass } from '../application/cases/break-glass.ts';
import { CancelCase } from '../application/cases/cancel-case.ts';
import { ClaimCase } from '../application/cases/claim-case.ts';
import { CloseCase } from '../application/cases/close-case.ts';
import { DeclineCase } from '../application/cases/decline-case.ts';
import { FollowUpCase } from '../application/cases/follow-up-case.ts';
import { ListAuditEntries } from '../application/audit/list-audit-entries.ts';
import { SealAuditTrail } from '../application/audit/seal-audit-trail.ts';
import { VerifyAuditTrail } from '../application/audit/verify-audit-trail.ts';
import { GetCase } from '../application/cases/get-case.ts';
import { ListCaseEvents } from '../application/cases/list-case-events.ts';
import { ListCases } from '../application/cases/list-cases.ts';
import { ListGrants } from '../application/cases/list-grants.ts';
import { ListQueue } from '../application/cases/list-queue.ts';
import { ReadReceipt } from '../application/cases/read-receipt.ts';
import { ReassignCase } from '../application/cases/reassign-case.ts';
import { ReleaseCase } from '../application/cases/release-case.ts';
import { ReplyToInfo } from '../application/cases/reply-to-info.ts';
import { ReviewGrant } from '../application/cases/review-grant.ts';
import { RunCaseTimers } from '../application/cases/run-case-timers.ts';
import { StartCase } from '../application/cases/start-case.ts';
import { SubmitCase } from '../application/cases/submit-case.ts';
import { VoidCase } from '../application/cases/void-case.ts';
import { ChangeEmail } from '../application/identity/change-email.ts';
import { ChangePassword } from '../application/identity/change-password.ts';
import { CreatePhysician } from '../application/identity/create-physician.ts';
import { CreateUser } from '../application/identity/create-user.ts';
import { DeliverMail } from '../application/identity/deliver-mail.ts';
import { FinishImport } from '../application/identity/finish-import.ts';
import { GetPhysician } from '../application/identity/get-physician.ts';
import { GetProfile } from '../application/identity/get-profile.ts';
import { GetUser } from '../application/identity/get-user.ts';
import { ListImportedLines } from '../application/identity/list-imported-lines.ts';
import { ListPhysicians } from '../application/identity/list-physicians.ts';
import { ListUsers } from '../application/identity/list-users.ts';
import { OpenImport } from '../application/identity/open-import.ts';
import { RegisterUser } from '../application/identity/register-user.ts';
import { RequestPasswordReset } from '../application/identity/request-password-reset.ts';
import { ResendVerification } from '../application/identity/resend-verification.ts';
import { ResetPassword } from '../application/identity/reset-password.ts';
import { UpdateOwnPhysician } from '../application/identity/update-own-physician.ts';
import { UpdatePhysician } from '../application/identity/update-physician.ts';
import { UpdateProfile } from '../application/identity/update-profile.ts';
import { UpdateUser } from '../application/identity/update-user.ts';
import { VerifyEmail } from '../application/identity/verify-email.ts';
import { BridgeLegacySession } from '../application/legacy/bridge-legacy-session.ts';
import { ApproveLegacyClaim } from '../application/legacy/approve-legacy-claim.ts';
import { FindVendor } from '../application/legacy/find-vendor.ts';
import { BackfillLegacyOwners } from '../application/legacy/backfill-legacy-owners.ts';
import { GrantLegacyLink } from '../application/legacy/grant-legacy-link.ts';
import { IndexLegacyRequests } from '../application/legacy/index-legacy-requests.ts';
import { LinkLegacyIdentifier } from '../application/legacy/link-legacy-identifier.ts';
import { ListLegacyClaims } from '../application/legacy/list-legacy-claims.ts';
import { ListLegacyLinks } from '../application/legacy/list-legacy-links.ts';
import { ProveLegacyLink } from '../application/legacy/prove-legacy-link.ts';
import { ReadLegacyIndexState } from '../application/legacy/read-legacy-index-state.ts';
import { ReconcileLegacy } from '../application/legacy/reconcile-legacy.ts';
import { RejectLegacyClaim } from '../application/legacy/reject-legacy-claim.ts';
import { UndoLegacyBackfill } from '../application/legacy/undo-legacy-backfill.ts';
import { UnlinkLegacyIdentifier } from '../application/legacy/unlink-legacy-identifier.ts';
import { CreateTenant } from '../application/tenancy/create-tenant.ts';
import { FindTenantBySlug } from '../application/tenancy/find-tenant-by-slug.ts';
import { GetTenant } from '../application/tenancy/get-tenant.ts';
import { ListTenants } from '../application/tenancy/list-tenants.ts';
import { UpdateTenant } from '../application/tenancy/update-tenant.ts';
import { accessModule } from './modules/access.ts';
import { auditModule } from './modules/audit.ts';
import { casesModule } from './modules/cases.ts';
import { identityModule } from './modules/identity.ts';
import { legacySessionsModule } from './modules/legacy-sessions.ts';
import { legacyModule } from './modules/legacy.ts';
import { secondFactorsModule } from './modules/second-factors.ts';
import { tenancyModule } from './modules/tenancy.ts';
import { Tokens } from './tokens.ts';

/**
 * Wires the use cases to their adapters: what HTTP, the command line, batch jobs and tests start from. Nothing outside this
 * directory sees the container.
 */
export function compose(adapters: Adapters): Application {
  const container = new Container();
  for (const name of Object.keys(Tokens) as (keyof Adapters)[]) {
    container.bind(Tokens[name].symbol).toConstantValue(adapters[name]);
  }
  container.load(
    identityModule,
    accessModule,
    secondFactorsModule,
    legacySessionsModule,
    auditModule,
    tenancyModule,
    casesModule,
    legacyModule,
  );
  return {
    identity: identityOf(container),
    access: accessOf(container),
    audit: {
      listAuditEntries: container.get(ListAuditEntries),
      sealAuditTrail: container.get(SealAuditTrail),
      verifyAuditTrail: container.get(VerifyAuditTrail),
    },
    tenancy: {
      createTenant: container.get(CreateTenant),
      listTenants: container.get(ListTenants),
      getTenant: container.get(GetTenant),
      findTenantBySlug: container.get(FindTenantBySlug),
      updateTenant: container.get(UpdateTenant),
    },
    legacy: legacyOf(container),
    cases: casesOf(container),
  };
}

const casesOf = (container: Container): Application['cases'] => ({
  submitCase: container.get(SubmitCase),
  getCase: container.get(GetCase),
  listCases: container.get(ListCases),
  listQueue: container.get(ListQueue),
  listCaseEvents: container.get(ListCaseEvents),
  claimCase: container.get(ClaimCase),
  startCase: container.get(StartCase),
  releaseCase: container.get(ReleaseCase),
  assignCase: container.get(AssignCase),
  reassignCase: container.get(ReassignCase),
  askInfo: container.get(AskInfo),
  replyToInfo: container.get(ReplyToInfo),
  answerCase: container.get(AnswerCase),
  amendAnswer: container.get(AmendAnswer),
  followUpCase: container.get(FollowUpCase),
  declineCase: container.get(DeclineCase),
  cancelCase: container.get(CancelCase),
  closeCase: container.get(CloseCase),
  voidCase: container.get(VoidCase),
  readReceipt: container.get(ReadReceipt),
  adoptCases: container.get(AdoptCases),
  adoptLegacyCase: container.get(AdoptLegacyCase),
  breakGlass: container.get(BreakGlass),
  listGrants: container.get(ListGrants),
  reviewGrant: container.get(ReviewGrant),
  runCaseTimers: container.get(RunCaseTimers),
});

const legacyOf = (container: Container): Application['legacy'] => ({
  findVendor: container.get(FindVendor),
  indexLegacyRequests: container.get(IndexLegacyRequests),
  linkLegacyIdentifier: container.get(LinkLegacyIdentifier),
  proveLegacyLink: container.get(ProveLegacyLink),
  listLegacyLinks: container.get(ListLegacyLinks),
  unlinkLegacyIdentifier: container.get(UnlinkLegacyIdentifier),
  listLegacyClaims: container.get(ListLegacyClaims),
  approveLegacyClaim: container.get(ApproveLegacyClaim),
  rejectLegacyClaim: container.get(RejectLegacyClaim),
  grantLegacyLink: container.get(GrantLegacyLink),
  backfillLegacyOwners: container.get(BackfillLegacyOwners),
  undoLegacyBackfill: container.get(UndoLegacyBackfill),
  reconcileLegacy: container.get(ReconcileLegacy),
  readLegacyIndexState: container.get(ReadLegacyIndexState),
  bridgeLegacySession: container.get(BridgeLegacySession),
});

const identityOf = (container: Container): Application['identity'] => ({
  registerUser: container.get(RegisterUser),
  verifyEmail: container.get(VerifyEmail),
  resendVerification: container.get(ResendVerification),
  changeEmail: container.get(ChangeEmail),
  requestPasswordReset: container.get(RequestPasswordReset),
  resetPassword: container.get(ResetPassword),
  changePassword: container.get(ChangePassword),
  createUser: container.get(CreateUser),
  openImport: container.get(OpenImport),
  listImportedLines: container.get(ListImportedLines),
  finishImport: container.get(FinishImport),
  deliverMail: container.get(DeliverMail),
  getProfile: container.get(GetProfile),
  updateProfile: container.get(UpdateProfile),
  listUsers: container.get(ListUsers),
  getUser: container.get(GetUser),
  updateUser: container.get(UpdateUser),
  createPhysician: container.get(CreatePhysician),
  listPhysicians: container.get(ListPhysicians),
  getPhysician: container.get(GetPhysician),
  updatePhysician: container.get(UpdatePhysician),
  updateOwnPhysician: container.get(UpdateOwnPhysician),
});

const accessOf = (container: Container): Application['access'] => ({
  authenticate: container.get(Authenticate),
  authenticateEnrolment: container.get(AuthenticateEnrolment),
  login: container.get(Login),
  answerChallenge: container.get(AnswerChallenge),
  refreshToken: container.get(RefreshToken),
  stepUp: container.get(StepUp),
  logout: container.get(Logout),
  listSessions: container.get(ListSessions),
  revokeSession: container.get(RevokeSession),
  revokeOtherSessions: container.get(RevokeOtherSessions),
  revokeUserSessions: container.get(RevokeUserSessions),
  beginTotpEnrolment: container.get(BeginTotpEnrolment),
  confirmTotpEnrolment: container.get(ConfirmTotpEnrolment),
  removeTotp: container.get(RemoveTotp),
  beginPasskeyRegistration: container.get(BeginPasskeyRegistration),
  finishPasskeyRegistration: container.get(FinishPasskeyRegistration),
  beginPasskeyAuthentication: container.get(BeginPasskeyAuthentication),
  signInWithPasskey: container.get(SignInWithPasskey),
  listPasskeys: container.get(ListPasskeys),
  removePasskey: container.get(RemovePasskey),
  unlockAccount: container.get(UnlockAccount),
  unlockUser: container.get(UnlockUser),
  requestMfaReset: container.get(RequestMfaReset),
  cancelMfaReset: container.get(CancelMfaReset),
  completeMfaResets: container.get(CompleteMfaResets),
  listPublicKeys: container.get(ListPublicKeys),
  listSigningKeys: container.get(ListSigningKeys),
  rotateSigningKeys: container.get(RotateSigningKeys),
  purgeExpired: container.get(PurgeExpired),
  rotateDataKeys: container.get(RotateDataKeys),
});
