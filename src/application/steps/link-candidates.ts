import type { User } from '../../domain/identity/user.ts';
import {
  isPlaceholder,
  type LegacyIdentifierKind,
  normalIdentifier,
} from '../../domain/legacy/legacy-identifier.ts';
import { candidateLink } from '../../domain/legacy/legacy-link.ts';
import { normalVendorId } from '../../domain/shared/vendor-id.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { StoredLink } from '../ports/stores/legacy-link-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import { legacyIdentifierHash } from './legacy-identifier-hash.ts';
import { type LinkSealing, sealIdentifier } from './legacy-lookup.ts';
import { newLink } from './new-link.ts';

/** By what another service knows somebody, in any spelling. */
export interface LinkCandidate {
  /** `null` where no vendor is named. */
  readonly vendorId: string | null;
  readonly kind: LegacyIdentifierKind;
  readonly identifier: string;
}

/** What keeping candidates needs besides their store. */
export interface CandidateKeeping extends LinkSealing {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly keyedHash: KeyedHash;
}

/**
 * The identifiers by which other services know the owner of an account, to be kept with it. What has no normal form or stands for
 * nobody could never be linked, and is passed over.
 */
export async function storedCandidates(
  keeping: CandidateKeeping,
  account: Pick<User, 'id' | 'tenantId'>,
  candidates: readonly LinkCandidate[],
): Promise<readonly StoredLink[]> {
  const { clock, idGenerator, keyedHash } = keeping;
  const stored = candidates.map(async ({ identifier, kind, ...given }) => {
    const normal = normalIdentifier(kind, identifier);
    if (normal === null || isPlaceholder(kind, normal)) return [];
    const vendorId = normalVendorId(given.vendorId);
    const hash = legacyIdentifierHash(keyedHash, vendorId, { kind, normal });
    const link = newLink(idGenerator, account, { hash, kind, vendorId });
    return [{ ...candidateLink(link, clock.now()), identifier: await sealIdentifier(keeping, link, normal) }];
  });
  return (await Promise.all(stored)).flat();
}
