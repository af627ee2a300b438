import { ContainerModule } from 'inversify';
import { ChangePassword } from '../../application/identity/change-password.ts';
import { CreateUser } from '../../application/identity/create-user.ts';
import { GetProfile } from '../../application/identity/get-profile.ts';
import { GetUser } from '../../application/identity/get-user.ts';
import { ListUsers } from '../../application/identity/list-users.ts';
import { RegisterUser } from '../../application/identity/register-user.ts';
import { UpdateProfile } from '../../application/identity/update-profile.ts';
import { UpdateUser } from '../../application/identity/update-user.ts';
import { provide } from '../token.ts';
import { Tokens } from '../tokens.ts';

/** Binds the use cases of feature `identity`. */
export const identityModule = new ContainerModule((options) => {
  provide(options, RegisterUser, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    passwordBlockList: Tokens.passwordBlockList,
    passwordHasher: Tokens.passwordHasher,
    refreshTokens: Tokens.refreshTokens,
    settings: Tokens.settings,
    tokenSigner: Tokens.tokenSigner,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, GetProfile, {
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, UpdateProfile, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, ChangePassword, {
    clock: Tokens.clock,
    failureCounters: Tokens.failureCounters,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    passwordBlockList: Tokens.passwordBlockList,
    passwordHasher: Tokens.passwordHasher,
    settings: Tokens.settings,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, CreateUser, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    passwordBlockList: Tokens.passwordBlockList,
    passwordHasher: Tokens.passwordHasher,
    settings: Tokens.settings,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, ListUsers, {
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, GetUser, {
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, UpdateUser, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    settings: Tokens.settings,
    unitOfWork: Tokens.unitOfWork,
  });
});
