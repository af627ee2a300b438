import type { TenantId } from '../shared/ids.ts';
import { SlugRejected } from './errors.ts';

/** How long a tenant's passwords must be (code points). The installation's own policy is a floor under it. */
export interface TenantPasswordPolicy {
  readonly minLength: number;
}

/** Requests a day; `null` is without limit. */
export interface TenantQuotas {
  readonly requestsPerDay: number | null;
  readonly userRequestsPerDay: number | null;
}

/** An organisation with accounts, cases and rules of its own. */
export interface Tenant {
  readonly id: TenantId;
  /** The name that people sign in to; never changes. */
  readonly slug: string;
  readonly name: string;
  /** The closed pool of physicians that its cases go to; `null` sends them to the shared pool. */
  readonly privatePool: string | null;
  /** Whether a case that nobody of the private pool took may go to the shared pool. */
  readonly allowOverflow: boolean;
  readonly quotas: TenantQuotas;
  readonly passwordPolicy: TenantPasswordPolicy;
  readonly mfaRequired: boolean;
  readonly createdAt: Date;
  readonly version: number;
}

/** What an operator may change of a tenant. */
export type TenantChanges = Partial<
  Pick<Tenant, 'name' | 'privatePool' | 'allowOverflow' | 'quotas' | 'passwordPolicy' | 'mfaRequired'>
>;

/** What makes a tenant: its slug and name are required, the rest has defaults. */
export type NewTenant = Pick<Tenant, 'slug' | 'name'> & TenantChanges;

/** A slug: 1 to 63 lower-case letters, digits and inner hyphens (a DNS label, RFC 1123). */
export const SLUG_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A tenant at its first moment.
 *
 * @throws {SlugRejected}
 */
export function createTenant(id: TenantId, given: NewTenant, now: Date): Tenant {
  if (!SLUG_PATTERN.test(given.slug)) throw new SlugRejected();
  return {
    privatePool: null,
    allowOverflow: false,
    quotas: { requestsPerDay: null, userRequestsPerDay: null },
    passwordPolicy: { minLength: 8 },
    mfaRequired: false,
    ...given,
    id,
    createdAt: now,
    version: 1,
  };
}

/** The tenant after an operator's changes. */
export const changeTenant = (tenant: Tenant, changes: TenantChanges): Tenant => ({
  ...tenant,
  ...changes,
  version: tenant.version + 1,
});
