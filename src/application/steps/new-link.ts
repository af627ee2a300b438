import type { User } from '../../domain/identity/user.ts';
import type { NewLink } from '../../domain/legacy/legacy-link.ts';
import type { LegacyLookup } from '../ports/legacy/legacy-requests.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';

/** What a link between an account and an identifier is made of. */
export const newLink = (
  idGenerator: IdGenerator,
  { id: userId, tenantId }: Pick<User, 'id' | 'tenantId'>,
  { hash: identifierHash, kind, vendorId }: Pick<LegacyLookup, 'hash' | 'kind' | 'vendorId'>,
): NewLink => ({ id: idGenerator.next(), tenantId, userId, vendorId, kind, identifierHash });
