import { ContainerModule } from 'inversify';
import { AnswerChallenge } from '../../application/access/answer-challenge.ts';
import { AuthenticateEnrolment } from '../../application/access/authenticate-enrolment.ts';
import { BeginPasskeyAuthentication } from '../../application/access/begin-passkey-authentication.ts';
import { BeginPasskeyRegistration } from '../../application/access/begin-passkey-registration.ts';
import { BeginTotpEnrolment } from '../../application/access/begin-totp-enrolment.ts';
import { CancelMfaReset } from '../../application/access/cancel-mfa-reset.ts';
import { CompleteMfaResets } from '../../application/access/complete-mfa-resets.ts';
import { ConfirmTotpEnrolment } from '../../application/access/confirm-totp-enrolment.ts';
import { FinishPasskeyRegistration } from '../../application/access/finish-passkey-registration.ts';
import { ListPasskeys } from '../../application/access/list-passkeys.ts';
import { RemovePasskey } from '../../application/access/remove-passkey.ts';
import { RemoveTotp } from '../../application/access/remove-totp.ts';
import { RequestMfaReset } from '../../application/access/request-mfa-reset.ts';
import { SignInWithPasskey } from '../../application/access/sign-in-with-passkey.ts';
import { provide } from '../token.ts';
import { Tokens } from '../tokens.ts';

/** Binds the use cases of feature `access` that have to do with second factors. */
export const secondFactorsModule = new ContainerModule((options) => {
  provide(options, AuthenticateEnrolment, {
    clock: Tokens.clock,
    keyedHash: Tokens.keyedHash,
    oneTimeTokenDirectory: Tokens.oneTimeTokenDirectory,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, AnswerChallenge, {
    clock: Tokens.clock,
    failureCounters: Tokens.failureCounters,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    refreshTokens: Tokens.refreshTokens,
    secretGenerator: Tokens.secretGenerator,
    settings: Tokens.settings,
    signInChallenges: Tokens.signInChallenges,
    textCipher: Tokens.textCipher,
    tokenSigner: Tokens.tokenSigner,
    totp: Tokens.totp,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, BeginTotpEnrolment, {
    clock: Tokens.clock,
    textCipher: Tokens.textCipher,
    totp: Tokens.totp,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, ConfirmTotpEnrolment, {
    clock: Tokens.clock,
    failureCounters: Tokens.failureCounters,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    secretGenerator: Tokens.secretGenerator,
    textCipher: Tokens.textCipher,
    totp: Tokens.totp,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, RemoveTotp, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    settings: Tokens.settings,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, BeginPasskeyRegistration, {
    clock: Tokens.clock,
    keyedHash: Tokens.keyedHash,
    passkeyChallenges: Tokens.passkeyChallenges,
    secretGenerator: Tokens.secretGenerator,
    unitOfWork: Tokens.unitOfWork,
    webAuthn: Tokens.webAuthn,
  });
  provide(options, FinishPasskeyRegistration, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    passkeyChallenges: Tokens.passkeyChallenges,
    secretGenerator: Tokens.secretGenerator,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
    webAuthn: Tokens.webAuthn,
  });
  provide(options, BeginPasskeyAuthentication, {
    clock: Tokens.clock,
    keyedHash: Tokens.keyedHash,
    passkeyChallenges: Tokens.passkeyChallenges,
    secretGenerator: Tokens.secretGenerator,
    signInChallenges: Tokens.signInChallenges,
    unitOfWork: Tokens.unitOfWork,
    webAuthn: Tokens.webAuthn,
  });
  provide(options, SignInWithPasskey, {
    clock: Tokens.clock,
    failureCounters: Tokens.failureCounters,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    passkeyChallenges: Tokens.passkeyChallenges,
    passkeyDirectory: Tokens.passkeyDirectory,
    refreshTokens: Tokens.refreshTokens,
    secretGenerator: Tokens.secretGenerator,
    settings: Tokens.settings,
    signInChallenges: Tokens.signInChallenges,
    tokenSigner: Tokens.tokenSigner,
    unitOfWork: Tokens.unitOfWork,
    webAuthn: Tokens.webAuthn,
  });
  provide(options, ListPasskeys, { unitOfWork: Tokens.unitOfWork });
  provide(options, RemovePasskey, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    settings: Tokens.settings,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, RequestMfaReset, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    secretGenerator: Tokens.secretGenerator,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, CancelMfaReset, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    oneTimeTokenDirectory: Tokens.oneTimeTokenDirectory,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, CompleteMfaResets, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
});
