import type { CaseId, TenantId } from '../../../domain/shared/ids.ts';

/** A case that time has something to do with, as it was when that was found. */
export interface DueCase {
  readonly tenantId: TenantId;
  readonly caseId: CaseId;
  readonly version: number;
}

/** When time has something to do with a case, over all tenants. */
export interface CaseTimers {
  /** Cases for which something is due at `now`, that which is due for longest first. */
  readonly listDue: (now: Date, limit: number) => Promise<readonly DueCase[]>;
  /**
   * Sets when to look at a case again, where nothing was due after all; does nothing where it has changed since.
   *
   * @param at `null` where time has nothing to do with it
   */
  readonly setNext: (due: DueCase, at: Date | null) => Promise<void>;
}
