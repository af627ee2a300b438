import type { Application } from '../../application/application.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { CsvFault } from './csv-file.ts';
import { OPERATOR } from './operator.ts';

/** The tenants that the vendors of a file's rows belong to; each is looked up once. */
export class TenantsOfVendors {
  readonly #tenancy: Application['tenancy'];
  readonly #known = new Map<string, TenantId>();

  constructor({ tenancy }: Application) {
    this.#tenancy = tenancy;
  }

  /** @returns why the row is refused, where there is no such tenant */
  async find(slug: string): Promise<TenantId | CsvFault> {
    const known = this.#known.get(slug);
    if (known) return known;
    const tenant = await this.#tenancy.findTenantBySlug.execute({ actor: OPERATOR, slug });
    if (!tenant) {
      const reason = `There is no tenant "${slug}", which the row's vendor belongs to. Make it first.`;
      return { code: 'tenancy.unknown-tenant', reason };
    }
    this.#known.set(slug, tenant.id);
    return tenant.id;
  }
}
