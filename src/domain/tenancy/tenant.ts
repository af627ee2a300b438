import type { TenantId } from '../shared/ids.ts';
import { canonicalPoolName, type PoolName } from '../shared/pool-name.ts';
import { DueHoursRejected, SlugRejected, TenantPoolRejected } from './errors.ts';

/** How long a tenant's passwords must be (code points). The installation's own policy is a floor under it. */
export interface TenantPasswordPolicy {
  readonly minLength: number;
}

/** Requests a day; `null` is without limit. */
export interface TenantQuotas {
  readonly requestsPerDay: number | null;
  readonly userRequestsPerDay: number | null;
}

/** Within how many hours of its submission a case is to be answered, by its priority. */
export interface DueHours {
  readonly asap: number;
  readonly urgent: number;
  readonly routine: number;
}

/** An organisation with accounts, cases and rules of its own. */
export interface Tenant {
  readonly id: TenantId;
  /** The name that people sign in to; never changes. */
  readonly slug: string;
  readonly name: string;
  /** The closed pool of physicians that its cases go to; `null` sends them to the shared pool. */
  readonly privatePool: PoolName | null;
  /** Whether a case that nobody of the private pool took may go to the shared pool. */
  readonly allowOverflow: boolean;
  readonly quotas: TenantQuotas;
  readonly passwordPolicy: TenantPasswordPolicy;
  readonly dueHours: DueHours;
  readonly mfaRequired: boolean;
  readonly createdAt: Date;
  readonly version: number;
}

/** What an operator may change of a tenant. */
export type TenantChanges = Partial<
  Pick<
    Tenant,
    'name' | 'privatePool' | 'allowOverflow' | 'quotas' | 'passwordPolicy' | 'dueHours' | 'mfaRequired'
  >
>;

/** What makes a tenant: its slug and name are required, the rest has defaults. */
export type NewTenant = Pick<Tenant, 'slug' | 'name'> & TenantChanges;

/** A slug: 1 to 63 lower-case letters, digits and inner hyphens (a DNS label, RFC 1123). */
export const SLUG_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The due times of a tenant that sets none. */
export const DEFAULT_DUE_HOURS: DueHours = { asap: 4, urgent: 24, routine: 72 };
/** A year: no case is due later. */
export const DUE_HOURS_MAX = 8760;

/**
 * A tenant at its first moment.
 *
 * @throws {SlugRejected}
 * @throws {TenantPoolRejected}
 * @throws {DueHoursRejected}
 */
export function createTenant(id: TenantId, given: NewTenant, now: Date): Tenant {
  if (!SLUG_PATTERN.test(given.slug)) throw new SlugRejected();
  return {
    privatePool: null,
    allowOverflow: false,
    quotas: { requestsPerDay: null, userRequestsPerDay: null },
    passwordPolicy: { minLength: 8 },
    dueHours: DEFAULT_DUE_HOURS,
    mfaRequired: false,
    ...checked(given),
    id,
    createdAt: now,
    version: 1,
  };
}

/**
 * The tenant after an operator's changes.
 *
 * @throws {TenantPoolRejected}
 * @throws {DueHoursRejected}
 */
export const changeTenant = (tenant: Tenant, changes: TenantChanges): Tenant => ({
  ...tenant,
  ...checked(changes),
  version: tenant.version + 1,
});

/** What was given, its pool in the form in which names of pools are kept. */
function checked<Given extends TenantChanges>(given: Given): Given {
  if (given.dueHours) checkDueHours(given.dueHours);
  if (given.privatePool == null) return given;
  const privatePool = canonicalPoolName(given.privatePool);
  if (privatePool === null) throw new TenantPoolRejected();
  return { ...given, privatePool };
}

function checkDueHours({ asap, urgent, routine }: DueHours): void {
  const areHours = [asap, urgent, routine].every(
    (hours) => Number.isInteger(hours) && hours >= 1 && hours <= DUE_HOURS_MAX,
  );
  if (!areHours || asap > urgent || urgent > routine) throw new DueHoursRejected();
}
