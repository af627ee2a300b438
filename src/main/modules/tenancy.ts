import { ContainerModule } from 'inversify';
import { CreateTenant } from '../../application/tenancy/create-tenant.ts';
import { FindTenantBySlug } from '../../application/tenancy/find-tenant-by-slug.ts';
import { GetTenant } from '../../application/tenancy/get-tenant.ts';
import { ListTenants } from '../../application/tenancy/list-tenants.ts';
import { UpdateTenant } from '../../application/tenancy/update-tenant.ts';
import { provide } from '../token.ts';
import { Tokens } from '../tokens.ts';

/** Binds the use cases of feature `tenancy`. */
export const tenancyModule = new ContainerModule((options) => {
  provide(options, CreateTenant, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, ListTenants, {
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, FindTenantBySlug, { unitOfWork: Tokens.unitOfWork });
  provide(options, GetTenant, {
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, UpdateTenant, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    unitOfWork: Tokens.unitOfWork,
  });
});
