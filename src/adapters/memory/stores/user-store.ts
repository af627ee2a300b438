import type { UserStore } from '../../../application/ports/stores/user-store.ts';
import { normalEmail } from '../../../domain/shared/email-address.ts';
import { EmailTaken, UserConflict } from '../../../domain/identity/errors.ts';
import type { User } from '../../../domain/identity/user.ts';
import type { TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import { keysetPage } from '../keyset-page.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { ReadonlyMemoryTables } from '../memory-tables.ts';
import { ownedBy } from '../own-tenant.ts';

/** The accounts of one tenant, in memory. */
export class MemoryUserStore implements UserStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async find(id: UserId): Promise<User | null> {
    return this.#access.read((tables) => ownedBy(this.#tenantId, tables.users.get(id)));
  }

  async lock(id: UserId): Promise<User | null> {
    // Whoever changes it meanwhile makes this unit of work run again, so there is nothing to lock.
    return this.find(id);
  }

  async list(request: PageRequest): Promise<Page<User>> {
    return this.#access.read((tables) => keysetPage(this.#own(tables), request));
  }

  async listActiveAdminsForUpdate(): Promise<readonly UserId[]> {
    // Whoever changes an admin meanwhile makes this unit of work run again, so there is nothing to lock.
    return (await this.listActiveAdmins()).map((user) => user.id);
  }

  async listActiveAdmins(): Promise<readonly User[]> {
    return this.#access.read((tables) =>
      this.#own(tables)
        .filter((user) => user.role === 'admin' && user.isActive)
        .sort((one, other) => (one.id < other.id ? -1 : 1)),
    );
  }

  async add(user: User): Promise<void> {
    assertOwnTenant(this.#tenantId, user);
    await this.#access.write((tables) => {
      this.#refuseTaken(tables, user);
      tables.users.add(user.id, user);
    });
  }

  async save(user: User): Promise<void> {
    assertOwnTenant(this.#tenantId, user);
    await this.#access.write((tables) => {
      const current = ownedBy(this.#tenantId, tables.users.get(user.id));
      if (current?.version !== user.version - 1) throw new UserConflict();
      this.#refuseTaken(tables, user);
      tables.users.set(user.id, user);
    });
  }

  #own(tables: ReadonlyMemoryTables): User[] {
    return [...tables.users.values()].filter((user) => user.tenantId === this.#tenantId);
  }

  #refuseTaken(tables: ReadonlyMemoryTables, { id, email }: User): void {
    const wanted = normalEmail(email);
    const isTaken = this.#own(tables).some((other) => other.id !== id && normalEmail(other.email) === wanted);
    if (isTaken) throw new EmailTaken();
  }
}
