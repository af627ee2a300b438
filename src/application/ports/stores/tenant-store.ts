import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { Tenant } from '../../../domain/tenancy/tenant.ts';

/** Every tenant of the installation; for the operator, and to find the door that somebody stands at. */
export interface TenantStore {
  /** @returns `null` where there is no such tenant */
  readonly find: (id: TenantId) => Promise<Tenant | null>;
  /** @returns `null` where there is no such tenant */
  readonly findBySlug: (slug: string) => Promise<Tenant | null>;
  /** Newest first. */
  readonly list: (request: PageRequest) => Promise<Page<Tenant>>;
  /** @throws {SlugTaken} */
  readonly add: (tenant: Tenant) => Promise<void>;
  /**
   * Replaces the tenant whose version is one below `tenant.version`.
   *
   * @throws {TenantConflict} where it was saved meanwhile
   */
  readonly save: (tenant: Tenant) => Promise<void>;
}
