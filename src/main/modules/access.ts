import { ContainerModule } from 'inversify';
import { Authenticate } from '../../application/access/authenticate.ts';
import { ListPublicKeys } from '../../application/access/list-public-keys.ts';
import { ListSessions } from '../../application/access/list-sessions.ts';
import { ListSigningKeys } from '../../application/access/list-signing-keys.ts';
import { Login } from '../../application/access/login.ts';
import { Logout } from '../../application/access/logout.ts';
import { PurgeExpired } from '../../application/access/purge-expired.ts';
import { RefreshToken } from '../../application/access/refresh-token.ts';
import { RevokeOtherSessions } from '../../application/access/revoke-other-sessions.ts';
import { RevokeSession } from '../../application/access/revoke-session.ts';
import { RevokeUserSessions } from '../../application/access/revoke-user-sessions.ts';
import { RotateDataKeys } from '../../application/access/rotate-data-keys.ts';
import { RotateSigningKeys } from '../../application/access/rotate-signing-keys.ts';
import { StepUp } from '../../application/access/step-up.ts';
import { UnlockAccount } from '../../application/access/unlock-account.ts';
import { UnlockUser } from '../../application/access/unlock-user.ts';
import { provide } from '../token.ts';
import { Tokens } from '../tokens.ts';

/** Binds the use cases of feature `access`: sign-in, sessions, keys. */
export const accessModule = new ContainerModule((options) => {
  provide(options, Authenticate, {
    clock: Tokens.clock,
    revocationList: Tokens.revocationList,
    tokenVerifier: Tokens.tokenVerifier,
  });
  provide(options, Login, {
    accountDirectory: Tokens.accountDirectory,
    clock: Tokens.clock,
    failureCounters: Tokens.failureCounters,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    passwordHasher: Tokens.passwordHasher,
    refreshTokens: Tokens.refreshTokens,
    secretGenerator: Tokens.secretGenerator,
    settings: Tokens.settings,
    signInChallenges: Tokens.signInChallenges,
    textCipher: Tokens.textCipher,
    tokenSigner: Tokens.tokenSigner,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, RefreshToken, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    legacyRequests: Tokens.legacyRequests,
    legacySessions: Tokens.legacySessions,
    refreshTokenStore: Tokens.refreshTokenStore,
    refreshTokens: Tokens.refreshTokens,
    settings: Tokens.settings,
    tokenSigner: Tokens.tokenSigner,
    unitOfWork: Tokens.unitOfWork,
    vendorDirectory: Tokens.vendorDirectory,
  });
  provide(options, StepUp, {
    clock: Tokens.clock,
    failureCounters: Tokens.failureCounters,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    passwordHasher: Tokens.passwordHasher,
    secretGenerator: Tokens.secretGenerator,
    textCipher: Tokens.textCipher,
    tokenSigner: Tokens.tokenSigner,
    totp: Tokens.totp,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, Logout, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, ListSessions, { clock: Tokens.clock, unitOfWork: Tokens.unitOfWork });
  provide(options, RevokeSession, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, RevokeOtherSessions, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, RevokeUserSessions, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, UnlockAccount, {
    clock: Tokens.clock,
    failureCounters: Tokens.failureCounters,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    oneTimeTokenDirectory: Tokens.oneTimeTokenDirectory,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, UnlockUser, {
    clock: Tokens.clock,
    failureCounters: Tokens.failureCounters,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, ListPublicKeys, { clock: Tokens.clock, signingKeys: Tokens.signingKeys });
  provide(options, ListSigningKeys, { clock: Tokens.clock, signingKeys: Tokens.signingKeys });
  provide(options, RotateDataKeys, {
    clock: Tokens.clock,
    dataKeyRotation: Tokens.dataKeyRotation,
    idGenerator: Tokens.idGenerator,
    sealedTexts: Tokens.sealedTexts,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, RotateSigningKeys, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    signingKeys: Tokens.signingKeys,
  });
  provide(options, PurgeExpired, { clock: Tokens.clock, expiredRecords: Tokens.expiredRecords });
});
