import type { StoredDataKey } from '../../../src/application/ports/stores/data-key-store.ts';
import type {
  KeptText,
  SealedTextPosition,
} from '../../../src/application/ports/stores/sealed-text-store.ts';
import type { TenantId } from '../../../src/domain/shared/ids.ts';
import { newEntry, newHash, newId, NOW } from './fixtures.ts';
import type { StoreWorld } from './store-world.ts';

/** A data key of the tenant that is not stored yet. */
export const newDataKey = (tenantId: TenantId, given: Partial<StoredDataKey> = {}): StoredDataKey => ({
  id: newId(),
  tenantId,
  wrappedKey: newHash(),
  createdAt: NOW,
  retiredAt: null,
  ...given,
});

/** Puts a new key in the place of the tenant's current one, and gives the new one. */
export async function replaceDataKey(
  { dataKeyStore }: Pick<StoreWorld, 'dataKeyStore'>,
  formerId: string,
  tenantId: TenantId,
  now = NOW,
): Promise<StoredDataKey> {
  const key = newDataKey(tenantId, { createdAt: now });
  await dataKeyStore.replaceCurrent([{ formerId, key }], now, newEntry(tenantId));
  return key;
}

/** The texts of a tenant under retired keys, batch by batch to the end. */
export async function textsUnderRetiredKeys(
  { sealedTexts }: Pick<StoreWorld, 'sealedTexts'>,
  tenantId: TenantId,
): Promise<readonly KeptText[]> {
  const found: KeptText[] = [];
  let after: SealedTextPosition | null = null;
  do {
    const batch = await sealedTexts.nextUnderRetiredKeys(after);
    found.push(...batch.texts.filter((text) => text.tenantId === tenantId));
    after = batch.next;
  } while (after !== null);
  return found;
}
