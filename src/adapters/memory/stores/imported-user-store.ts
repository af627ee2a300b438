import type {
  ImportedUser,
  ImportedUserStore,
} from '../../../application/ports/stores/imported-user-store.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { assertOwnUser } from '../own-tenant.ts';

/** Which accounts of one tenant came from which line of which file, in memory. */
export class MemoryImportedUserStore implements ImportedUserStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async add(imported: ImportedUser): Promise<void> {
    await this.#access.write((tables) => {
      assertOwnUser(tables, this.#tenantId, imported.userId);
      if (!tables.batchRuns.get(imported.runId)) throw new Error('There is no such run.');
      tables.importedUsers.add(`${imported.runId}:${String(imported.line)}`, imported);
    });
  }
}
