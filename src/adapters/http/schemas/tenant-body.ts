import { z } from 'zod';
import { PASSWORD_FLOOR } from '../../../domain/identity/password-policy.ts';
import { DUE_HOURS_MAX, type Tenant } from '../../../domain/tenancy/tenant.ts';
import { PoolName } from './pool-name.ts';

/** Requests a day; `null` is without limit. */
const Quota = z.int().min(0).nullable();

/** Within how many hours a case is to be answered. */
const DueHours = z.int().min(1).max(DUE_HOURS_MAX);

/** The fields of a tenant that an operator sets. */
export const TenantFields = z.strictObject({
  name: z.string().min(1).max(200),
  privatePool: PoolName.nullable(),
  allowOverflow: z.boolean(),
  quotas: z.strictObject({ requestsPerDay: Quota, userRequestsPerDay: Quota }),
  passwordPolicy: z.strictObject({ minLength: z.int().min(PASSWORD_FLOOR).max(128) }),
  dueHours: z
    .strictObject({ asap: DueHours, urgent: DueHours, routine: DueHours })
    .meta({ description: 'Hours until an answer is due, by priority; the more pressing is never due later' }),
  mfaRequired: z.boolean(),
});

/** An organisation with accounts, cases and rules of its own. */
export const TenantBody = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    privatePool: z.string().nullable(),
    allowOverflow: z.boolean(),
    quotas: z.object({ requestsPerDay: z.int().nullable(), userRequestsPerDay: z.int().nullable() }),
    passwordPolicy: z.object({ minLength: z.int() }),
    dueHours: z.object({ asap: z.int(), urgent: z.int(), routine: z.int() }),
    mfaRequired: z.boolean(),
  })
  .meta({ id: 'Tenant' });

/** How a tenant is sent. */
export const tenantBody = (tenant: Tenant): z.input<typeof TenantBody> => ({
  id: tenant.id,
  slug: tenant.slug,
  name: tenant.name,
  privatePool: tenant.privatePool,
  allowOverflow: tenant.allowOverflow,
  quotas: tenant.quotas,
  passwordPolicy: tenant.passwordPolicy,
  dueHours: tenant.dueHours,
  mfaRequired: tenant.mfaRequired,
});
