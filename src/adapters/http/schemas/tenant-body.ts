import { z } from 'zod';
import { PASSWORD_FLOOR } from '../../../domain/identity/password-policy.ts';
import type { Tenant } from '../../../domain/tenancy/tenant.ts';

/** Requests a day; `null` is without limit. */
const Quota = z.int().min(0).nullable();

/** The fields of a tenant that an operator sets. */
export const TenantFields = z.strictObject({
  name: z.string().min(1).max(200),
  privatePool: z.string().min(1).max(100).nullable(),
  allowOverflow: z.boolean(),
  quotas: z.strictObject({ requestsPerDay: Quota, userRequestsPerDay: Quota }),
  passwordPolicy: z.strictObject({ minLength: z.int().min(PASSWORD_FLOOR).max(128) }),
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
  mfaRequired: tenant.mfaRequired,
});
