import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { AuditFilter } from '../ports/stores/audit-trail.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface ListAuditEntriesCommand {
  readonly actor: Actor;
  readonly filter: AuditFilter;
  readonly page: PageRequest;
}

interface Dependencies {
  readonly unitOfWork: UnitOfWork<'audit'>;
}

/** Lists what the audit trail of the admin's tenant tells, newest first. */
export class ListAuditEntries {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {Forbidden} for whoever is no admin */
  async execute(command: ListAuditEntriesCommand): Promise<Page<AuditEntry>> {
    const actor = authorizeMember(command.actor, 'audit.read');
    return this.#deps.unitOfWork.stores(actor.tenantId).audit.list(command.filter, command.page);
  }
}
