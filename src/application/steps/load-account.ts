import type { User } from '../../domain/identity/user.ts';
import type { TenantId, UserId } from '../../domain/shared/ids.ts';
import type { Tenant } from '../../domain/tenancy/tenant.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** An active account and its tenant. */
export interface Account {
  readonly user: User;
  readonly tenant: Tenant;
}

/** @returns `null` where there is no such account, or it is disabled */
export async function loadAccount(
  unitOfWork: UnitOfWork<'users' | 'tenants'>,
  tenantId: TenantId,
  userId: UserId,
): Promise<Account | null> {
  const { users, tenants } = unitOfWork.stores(tenantId);
  const [user, tenant] = await Promise.all([users.find(userId), tenants.find(tenantId)]);
  return user?.isActive && tenant ? { user, tenant } : null;
}
