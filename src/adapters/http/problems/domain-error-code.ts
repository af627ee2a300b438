import type * as accessErrors from '../../../domain/access/errors.ts';
import type * as casesErrors from '../../../domain/cases/errors.ts';
import type * as identityErrors from '../../../domain/identity/errors.ts';
import type * as legacyErrors from '../../../domain/legacy/errors.ts';
import type { DomainError } from '../../../domain/shared/domain-error.ts';
import type * as sharedErrors from '../../../domain/shared/errors.ts';
import type * as tenancyErrors from '../../../domain/tenancy/errors.ts';

/** The code of every error class that a module exports. */
type CodesIn<Module> = {
  [Name in keyof Module]: Module[Name] extends abstract new (...given: never[]) => infer Thrown
    ? Thrown extends DomainError
      ? Thrown['code']
      : never
    : never;
}[keyof Module];

/** The code of every refusal that the domain knows: read from its error classes, so that a new class is in here at once. */
export type DomainErrorCode =
  | CodesIn<typeof accessErrors>
  | CodesIn<typeof casesErrors>
  | CodesIn<typeof identityErrors>
  | CodesIn<typeof legacyErrors>
  | CodesIn<typeof sharedErrors>
  | CodesIn<typeof tenancyErrors>;
