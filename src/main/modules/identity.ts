import { ContainerModule } from 'inversify';
import { ChangeEmail } from '../../application/identity/change-email.ts';
import { ChangePassword } from '../../application/identity/change-password.ts';
import { CreatePhysician } from '../../application/identity/create-physician.ts';
import { CreateUser } from '../../application/identity/create-user.ts';
import { DeliverMail } from '../../application/identity/deliver-mail.ts';
import { FinishImport } from '../../application/identity/finish-import.ts';
import { GetPhysician } from '../../application/identity/get-physician.ts';
import { GetProfile } from '../../application/identity/get-profile.ts';
import { GetUser } from '../../application/identity/get-user.ts';
import { ListImportedLines } from '../../application/identity/list-imported-lines.ts';
import { ListPhysicians } from '../../application/identity/list-physicians.ts';
import { ListUsers } from '../../application/identity/list-users.ts';
import { OpenImport } from '../../application/identity/open-import.ts';
import { RegisterUser } from '../../application/identity/register-user.ts';
import { RequestPasswordReset } from '../../application/identity/request-password-reset.ts';
import { ResendVerification } from '../../application/identity/resend-verification.ts';
import { ResetPassword } from '../../application/identity/reset-password.ts';
import { UpdateOwnPhysician } from '../../application/identity/update-own-physician.ts';
import { UpdatePhysician } from '../../application/identity/update-physician.ts';
import { UpdateProfile } from '../../application/identity/update-profile.ts';
import { UpdateUser } from '../../application/identity/update-user.ts';
import { VerifyEmail } from '../../application/identity/verify-email.ts';
import { provide } from '../token.ts';
import { Tokens } from '../tokens.ts';

/** What finding out whose an address is, and mailing a token to it, takes. */
const byAddress = {
  accountDirectory: Tokens.accountDirectory,
  clock: Tokens.clock,
  idGenerator: Tokens.idGenerator,
  keyedHash: Tokens.keyedHash,
  secretGenerator: Tokens.secretGenerator,
  textCipher: Tokens.textCipher,
  unitOfWork: Tokens.unitOfWork,
};

/** What keeping a change together with its audit entry takes. */
const audited = {
  clock: Tokens.clock,
  idGenerator: Tokens.idGenerator,
  unitOfWork: Tokens.unitOfWork,
};

/** Binds the use cases of feature `identity`. */
export const identityModule = new ContainerModule((options) => {
  provide(options, RegisterUser, {
    accountDirectory: Tokens.accountDirectory,
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    passwordBlockList: Tokens.passwordBlockList,
    passwordHasher: Tokens.passwordHasher,
    refreshTokens: Tokens.refreshTokens,
    secretGenerator: Tokens.secretGenerator,
    settings: Tokens.settings,
    textCipher: Tokens.textCipher,
    tokenSigner: Tokens.tokenSigner,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, VerifyEmail, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    oneTimeTokenDirectory: Tokens.oneTimeTokenDirectory,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, ResendVerification, byAddress);
  provide(options, ChangeEmail, byAddress);
  provide(options, RequestPasswordReset, byAddress);
  provide(options, ResetPassword, {
    clock: Tokens.clock,
    failureCounters: Tokens.failureCounters,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    oneTimeTokenDirectory: Tokens.oneTimeTokenDirectory,
    passwordBlockList: Tokens.passwordBlockList,
    passwordHasher: Tokens.passwordHasher,
    settings: Tokens.settings,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, ChangePassword, {
    clock: Tokens.clock,
    failureCounters: Tokens.failureCounters,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    passwordBlockList: Tokens.passwordBlockList,
    passwordHasher: Tokens.passwordHasher,
    secretGenerator: Tokens.secretGenerator,
    settings: Tokens.settings,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, CreateUser, {
    accountDirectory: Tokens.accountDirectory,
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    passwordBlockList: Tokens.passwordBlockList,
    passwordHasher: Tokens.passwordHasher,
    secretGenerator: Tokens.secretGenerator,
    settings: Tokens.settings,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, OpenImport, {
    batchRuns: Tokens.batchRuns,
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
  });
  provide(options, ListImportedLines, { batchRuns: Tokens.batchRuns });
  provide(options, FinishImport, { batchRuns: Tokens.batchRuns, clock: Tokens.clock });
  provide(options, DeliverMail, {
    clock: Tokens.clock,
    mailer: Tokens.mailer,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, GetProfile, { unitOfWork: Tokens.unitOfWork });
  provide(options, UpdateProfile, audited);
  provide(options, ListUsers, { unitOfWork: Tokens.unitOfWork });
  provide(options, GetUser, { unitOfWork: Tokens.unitOfWork });
  provide(options, UpdateUser, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    settings: Tokens.settings,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, CreatePhysician, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, ListPhysicians, { unitOfWork: Tokens.unitOfWork });
  provide(options, GetPhysician, { unitOfWork: Tokens.unitOfWork });
  provide(options, UpdatePhysician, audited);
  provide(options, UpdateOwnPhysician, audited);
});
