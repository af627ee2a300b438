/** The contract suites: what an adapter has to pass before it takes the place of another. They run in mocha. */
export { mailerContract, type DeliveredMail, type MailerFixture } from './gateways/mailer.ts';
export { vendorDirectoryContract } from './legacy/vendor-directory-contract.ts';
export {
  vendorStatementsContract,
  type StatedIdentifier,
  type VendorStatementsFixture,
} from './legacy/vendor-statements-contract.ts';
export { accessTokensContract, type AccessTokensFixture } from './security/access-tokens-contract.ts';
export {
  dataKeyRotationContract,
  type DataKeyRotationFixture,
} from './security/data-key-rotation-contract.ts';
export { auditChainContract } from './security/audit-chain-contract.ts';
export { keyProviderContract, type KeyProviderFixture } from './security/key-provider-contract.ts';
export { legacyCookiesContract, type MakeLegacyCookies } from './security/legacy-cookies-contract.ts';
export { keyedHashContract } from './security/keyed-hash-contract.ts';
export { passwordBlockListContract } from './security/password-block-list-contract.ts';
export { passwordHasherContract } from './security/password-hasher-contract.ts';
export { refreshTokenFactoryContract } from './security/refresh-token-factory-contract.ts';
export { secretGeneratorContract } from './security/secret-generator-contract.ts';
export { signingKeysContract } from './security/signing-keys-contract.ts';
export { textCipherContract, type TextCipherFixture } from './security/text-cipher-contract.ts';
export { totpContract } from './security/totp-contract.ts';
export { webAuthnContract, type WebAuthnFixture } from './security/web-authn-contract.ts';
export { accountDirectoryContract } from './stores/account-directory.ts';
export { auditSealStoreContract } from './stores/audit-seal-store.ts';
export { assignablePhysiciansContract } from './stores/assignable-physicians.ts';
export { auditTrailContract } from './stores/audit-trail.ts';
export { batchRunStoreContract } from './stores/batch-run-store.ts';
export { breakGlassStoreContract } from './stores/break-glass-store.ts';
export { caseStoreContract } from './stores/case-store.ts';
export { caseTimersContract } from './stores/case-timers.ts';
export { dataKeyStoreContract } from './stores/data-key-store.ts';
export { everyStoreContract } from './stores/every-store-contract.ts';
export { expiredRecordsContract } from './stores/expired-records.ts';
export { failureCounterStoreContract } from './stores/failure-counter-store.ts';
export { idempotencyKeyStoreContract } from './stores/idempotency-key-store.ts';
export { legacyBatchesContract } from './stores/legacy-batches.ts';
export { legacyIndexContract } from './stores/legacy-index.ts';
export { legacyReconciliationContract } from './stores/legacy-reconciliation.ts';
export { legacyRequestsContract } from './stores/legacy-requests.ts';
export { legacyLinkDirectoryContract } from './stores/legacy-link-directory.ts';
export { legacyLinkStoreContract } from './stores/legacy-link-store.ts';
export { legacySessionsContract } from './stores/legacy-sessions.ts';
export { legacyTicketStoreContract } from './stores/legacy-ticket-store.ts';
export { mfaResetStoreContract } from './stores/mfa-reset-store.ts';
export { oneTimeTokenStoreContract } from './stores/one-time-token-store.ts';
export { outboxContract } from './stores/outbox.ts';
export { passkeyChallengeStoreContract } from './stores/passkey-challenge-store.ts';
export { physicianStoreContract } from './stores/physician-store.ts';
export { refreshTokenStoreContract } from './stores/refresh-token-store.ts';
export { sealedTextStoreContract } from './stores/sealed-text-store.ts';
export { secondFactorStoreContract } from './stores/second-factor-store.ts';
export { sessionStoreContract } from './stores/session-store.ts';
export { signInChallengeStoreContract } from './stores/sign-in-challenge-store.ts';
export { signingKeyStoreContract } from './stores/signing-key-store.ts';
export type { OpenWorld, StoreWorld } from './stores/store-world.ts';
export { tenantStoreContract } from './stores/tenant-store.ts';
export { unitOfWorkContract } from './stores/unit-of-work.ts';
export { userStoreContract } from './stores/user-store.ts';
