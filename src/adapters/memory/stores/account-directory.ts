import type {
  AccountDirectory,
  DirectoryEntry,
} from '../../../application/ports/stores/account-directory.ts';
import { NO_FACTORS } from '../../../domain/access/second-factor.ts';
import { normalEmail } from '../../../domain/shared/email-address.ts';
import { factorsOf } from '../factors-of.ts';
import type { MemoryAccess } from '../memory-access.ts';

/** Accounts of all tenants, in memory. */
export class MemoryAccountDirectory implements AccountDirectory {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async find(tenantSlug: string, email: string): Promise<DirectoryEntry> {
    const wanted = normalEmail(email);
    return this.#access.read((tables) => {
      const tenant = [...tables.tenants.values()].find(({ slug }) => slug === tenantSlug) ?? null;
      const user = [...tables.users.values()].find(
        (account) => account.tenantId === tenant?.id && normalEmail(account.email) === wanted,
      );
      return { tenant, user: user ?? null, factors: user ? factorsOf(tables, user.id) : NO_FACTORS };
    });
  }
}
