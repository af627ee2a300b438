import { ContainerModule } from 'inversify';
import { GetCase } from '../../application/cases/get-case.ts';
import { ListCases } from '../../application/cases/list-cases.ts';
import { SubmitCase } from '../../application/cases/submit-case.ts';
import { provide } from '../token.ts';
import { Tokens } from '../tokens.ts';

/** Binds the use cases of feature `cases`. */
export const casesModule = new ContainerModule((options) => {
  provide(options, SubmitCase, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    secretGenerator: Tokens.secretGenerator,
    settings: Tokens.settings,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, GetCase, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    textCipher: Tokens.textCipher,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, ListCases, {
    unitOfWork: Tokens.unitOfWork,
  });
});
