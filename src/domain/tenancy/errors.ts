import { DomainError } from '../shared/domain-error.ts';

/** What was given for a slug is none. */
export class SlugRejected extends DomainError {
  readonly code = 'tenancy.slug-rejected';
  constructor() {
    super('A slug has 1 to 63 lower-case letters, digits and inner hyphens.');
  }
}

/** Another tenant has this slug. */
export class SlugTaken extends DomainError {
  readonly code = 'tenancy.slug-taken';
  constructor() {
    super('Another tenant has this slug. Choose a different one.');
  }
}

/** What was given for the pool of a tenant can name none. */
export class TenantPoolRejected extends DomainError {
  readonly code = 'tenancy.pool-rejected';
  constructor() {
    super('The name of a pool has 1 to 100 code points of well-formed Unicode, not all of them blank.');
  }
}

/** Due times that no case could keep. */
export class DueHoursRejected extends DomainError {
  readonly code = 'tenancy.due-hours-rejected';
  constructor() {
    super('Due times are whole hours from 1 to 8,760, and nothing is due before what is more pressing.');
  }
}

/** Somebody else changed the tenant meanwhile. */
export class TenantConflict extends DomainError {
  readonly code = 'tenancy.conflict';
  constructor() {
    super('The tenant was changed by another request meanwhile. Read it again and repeat the change.');
  }
}

/** A registration names a tenant that does not exist. */
export class UnknownTenant extends DomainError {
  readonly code = 'tenancy.unknown-tenant';
  constructor() {
    super('There is no tenant of this name. Leave "tenant" out to register with the practice itself.');
  }
}
