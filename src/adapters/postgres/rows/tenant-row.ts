import { z } from 'zod';
import type { DueHours, Tenant, TenantPasswordPolicy, TenantQuotas } from '../../../domain/tenancy/tenant.ts';
import type { Columns } from '../columns.ts';

/** A row of `tenants`. */
export interface TenantRow {
  readonly uuid: string;
  readonly slug: string;
  readonly name: string;
  readonly private_pool: string | null;
  readonly allow_overflow: boolean;
  /** JSON that is parsed when it is read. */
  readonly quotas: unknown;
  /** JSON that is parsed when it is read. */
  readonly password_policy: unknown;
  /** JSON that is parsed when it is read. */
  readonly due_hours: unknown;
  readonly mfa_required: boolean;
  readonly created_at: Date;
  readonly version: number;
}

/** The columns of {@link TenantRow}. */
export const TENANT_COLUMNS: Columns<TenantRow> = {
  uuid: 'uuid',
  slug: 'text',
  name: 'text',
  private_pool: 'text',
  allow_overflow: 'boolean',
  quotas: 'jsonb',
  password_policy: 'jsonb',
  due_hours: 'jsonb',
  mfa_required: 'boolean',
  created_at: 'timestamptz',
  version: 'integer',
};

const Quotas: z.ZodType<TenantQuotas> = z.object({
  requestsPerDay: z.int().nullable(),
  userRequestsPerDay: z.int().nullable(),
});
const PasswordPolicy: z.ZodType<TenantPasswordPolicy> = z.object({ minLength: z.int() });
const DueTimes: z.ZodType<DueHours> = z.object({ asap: z.int(), urgent: z.int(), routine: z.int() });

/** The due times of a row. */
export const dueHoursOf = (row: Pick<TenantRow, 'due_hours'>): DueHours => DueTimes.parse(row.due_hours);

/** The row of a tenant. */
export const rowOfTenant = (tenant: Tenant): TenantRow => ({
  uuid: tenant.id,
  slug: tenant.slug,
  name: tenant.name,
  private_pool: tenant.privatePool,
  allow_overflow: tenant.allowOverflow,
  quotas: tenant.quotas,
  password_policy: tenant.passwordPolicy,
  due_hours: tenant.dueHours,
  mfa_required: tenant.mfaRequired,
  created_at: tenant.createdAt,
  version: tenant.version,
});

/** The tenant of a row. */
export const tenantOfRow = (row: TenantRow): Tenant => ({
  id: row.uuid,
  slug: row.slug,
  name: row.name,
  privatePool: row.private_pool,
  allowOverflow: row.allow_overflow,
  quotas: Quotas.parse(row.quotas),
  passwordPolicy: PasswordPolicy.parse(row.password_policy),
  dueHours: dueHoursOf(row),
  mfaRequired: row.mfa_required,
  createdAt: row.created_at,
  version: row.version,
});
