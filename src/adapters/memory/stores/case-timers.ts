import type { CaseTimers, DueCase } from '../../../application/ports/stores/case-timers.ts';
import type { Case } from '../../../domain/cases/case.ts';
import { ownedBy } from '../own-tenant.ts';
import type { MemoryAccess } from '../memory-access.ts';

interface TimedCase {
  readonly row: Case;
  readonly at: Date;
}

/** When time has something to do with a case, over all tenants, in memory. */
export class MemoryCaseTimers implements CaseTimers {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async listDue(now: Date, limit: number): Promise<readonly DueCase[]> {
    return this.#access.read((tables) =>
      [...tables.cases.values()]
        .flatMap((row): readonly TimedCase[] => {
          const at = tables.caseTimers.get(row.id) ?? null;
          return at !== null && at <= now ? [{ row, at }] : [];
        })
        .sort((a, b) => a.at.getTime() - b.at.getTime() || (a.row.id < b.row.id ? -1 : 1))
        .slice(0, limit)
        .map(({ row }) => ({ tenantId: row.tenantId, caseId: row.id, version: row.version })),
    );
  }

  async setNext({ tenantId, caseId, version }: DueCase, at: Date | null): Promise<void> {
    await this.#access.write((tables) => {
      const row = ownedBy(tenantId, tables.cases.get(caseId));
      if (row?.version === version) tables.caseTimers.set(caseId, at);
    });
  }
}
