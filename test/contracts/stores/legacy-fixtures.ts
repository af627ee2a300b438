import type { StoredLink } from '../../../src/application/ports/stores/legacy-link-store.ts';
import { claimIdentifier, type LegacyLink, proveLink } from '../../../src/domain/legacy/legacy-link.ts';
import type { LegacyRecord } from '../../../src/domain/legacy/legacy-record.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { newSealed } from './access-fixtures.ts';
import { at, newHash, newId, NOW, plantDataKey, plantUser } from './fixtures.ts';
import type { PlantedRequest, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore'>;

/** A patient whose links can be kept. */
export interface Linking {
  readonly user: User;
  readonly keyId: string;
}

/** A patient, in a tenant of his own unless one is named, with a data key of the tenant. */
export async function plantLinking(world: World, given: Partial<User> = {}): Promise<Linking> {
  const user = await plantUser(world, given);
  return { user, keyId: await plantDataKey(world, user.tenantId) };
}

/** A link that is not stored yet: a claim at its first moment, unless told. */
export const newLink = (
  { user, keyId }: Linking,
  given: Partial<StoredLink> = {},
  now = NOW,
): StoredLink => ({
  ...claimIdentifier(
    {
      id: newId(),
      tenantId: user.tenantId,
      userId: user.id,
      vendorId: 'vendor-a',
      kind: 'national_id',
      identifierHash: newHash(),
    },
    newHash(),
    now,
  ),
  identifier: newSealed(keyId),
  ...given,
});

/** A request that nobody has written yet. */
export const newRequest = (given: Partial<PlantedRequest> = {}): PlantedRequest => ({
  caseId: newId(),
  vendorId: 'vendor-a',
  userId: 'u-1',
  identifier: '000000018',
  userCrypt: null,
  language: 'en',
  question: 'What now?',
  status: 'new',
  createdAt: NOW,
  ...given,
});

/** Writes requests as the legacy service does. @returns them as they are found */
export async function plantRequests(
  { writeLegacyRequest }: Pick<StoreWorld, 'writeLegacyRequest'>,
  count: number,
  given: Partial<PlantedRequest> = {},
): Promise<readonly LegacyRecord[]> {
  const requests = Array.from({ length: count }, () => newRequest(given));
  for (const request of requests) await writeLegacyRequest(request);
  return requests.map(({ caseId, vendorId, userId, identifier }) => ({
    caseId,
    vendorId,
    userId,
    identifier,
    ownerId: null,
  }));
}

/** Stores a link. @returns it as it is found */
export async function plantLink(
  { unitOfWork }: Pick<StoreWorld, 'unitOfWork'>,
  stored: StoredLink,
): Promise<StoredLink> {
  const claimed: LegacyLink = await unitOfWork.stores(stored.tenantId).legacyLinks.claim(stored);
  return { ...claimed, identifier: stored.identifier };
}

/** Stores a link that counts. @returns it as it is found */
export async function plantLinked(
  world: Pick<StoreWorld, 'unitOfWork'>,
  linking: Linking,
  given: Partial<StoredLink> = {},
): Promise<StoredLink> {
  const claimed = await plantLink(world, newLink(linking, given));
  const linked = proveLink(claimed, 'code', at(1));
  const isSaved = await world.unitOfWork.stores(linked.tenantId).legacyLinks.save(linked, null);
  if (!isSaved) throw new Error('The link was not saved.');
  return { ...linked, identifier: claimed.identifier };
}
