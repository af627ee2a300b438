import type { FactorSummary } from '../../../domain/access/second-factor.ts';
import type { User } from '../../../domain/identity/user.ts';
import type { Tenant } from '../../../domain/tenancy/tenant.ts';

/** What a sign-in finds behind a slug and an address. */
export interface DirectoryEntry {
  /** `null` where there is no such tenant. */
  readonly tenant: Tenant | null;
  /** `null` where the tenant has no such account. */
  readonly user: User | null;
  /** The account's second factors; none where there is no account. */
  readonly factors: FactorSummary;
}

/** Accounts of all tenants, for those who are not signed in yet. */
export interface AccountDirectory {
  /** @param email in its normal form */
  readonly find: (tenantSlug: string, email: string) => Promise<DirectoryEntry>;
}
