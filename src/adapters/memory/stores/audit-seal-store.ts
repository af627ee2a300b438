import type {
  AuditSealStore,
  ChainEnd,
  EntryWalk,
  LinkedEntry,
  SealableEntries,
  SealingPosition,
  StrayRows,
  WalkedEntries,
} from '../../../application/ports/stores/audit-seal-store.ts';
import type { AuditSeal, SealedBatch } from '../../../domain/audit/audit-chain.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { AUDIT_HEAD_KEY, type ReadonlyMemoryTables } from '../memory-tables.ts';

/** Units of work take effect one after the other here, so that no entry comes late: nothing has to be told from its time. */
const HORIZON = '0';

/** The chain over all audit trails, in memory. */
export class MemoryAuditSealStore implements AuditSealStore {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async readEnd(): Promise<ChainEnd> {
    return this.#access.read((tables) => {
      const head = tables.auditHead.get(AUDIT_HEAD_KEY) ?? null;
      const seal = head && tables.auditSeals.get(head.number);
      return { head, seal: seal ?? null };
    });
  }

  async isSettled(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async listSealable(
    _horizon: string | null,
    _after: SealingPosition | null,
    limit: number,
  ): Promise<SealableEntries> {
    return this.#access.read((tables) => {
      const linked = linkedUpTo(tables, Number.POSITIVE_INFINITY);
      const open = [...tables.auditEntries.values()].filter(({ id }) => !linked.has(id));
      const entries = open.slice(0, limit).map((entry) => ({ id: entry.id, record: recordOf(entry) }));
      const last = open.length > limit ? entries.at(-1) : undefined;
      const next = last ? { transaction: HORIZON, entryId: last.id, everything: false } : null;
      return { entries, horizon: HORIZON, isDue: false, next };
    });
  }

  async append({ head, links, seal }: SealedBatch): Promise<boolean> {
    return this.#access.write((tables) => {
      if (tables.auditHead.get(AUDIT_HEAD_KEY)?.number !== head.number - 1) return false;
      tables.auditSeals.add(seal.number, seal);
      for (const link of links) tables.auditLinks.add(link.position, link);
      tables.auditHead.set(AUDIT_HEAD_KEY, head);
      return true;
    });
  }

  async listSeals(after: number, last: number, limit: number): Promise<readonly AuditSeal[]> {
    return this.#access.read((tables) =>
      [...tables.auditSeals.values()]
        .filter(({ number }) => number > after && number <= last)
        .sort((a, b) => a.number - b.number)
        .slice(0, limit),
    );
  }

  async listLinks(first: number, last: number, limit: number): Promise<readonly LinkedEntry[]> {
    return this.#access.read((tables) =>
      [...tables.auditLinks.values()]
        .filter(({ position }) => position >= first && position <= last)
        .sort((a, b) => a.position - b.position)
        .slice(0, limit)
        .map((link) => {
          const entry = tables.auditEntries.get(link.entryId);
          return { ...link, record: entry ? recordOf(entry) : null };
        }),
    );
  }

  async hasEntryBefore(time: Date): Promise<boolean> {
    return this.#access.read((tables) => [...tables.auditEntries.values()].some(({ at }) => at < time));
  }

  async walkEntries({ after, lastPosition, limit }: EntryWalk): Promise<WalkedEntries> {
    return this.#access.read((tables) => {
      const linked = linkedUpTo(tables, lastPosition);
      const ids = [...tables.auditEntries.values()].map(({ id }) => id).sort();
      const walked = ids.filter((id) => after === null || id > after).slice(0, limit);
      return {
        entries: walked.length,
        unlinked: walked.filter((id) => !linked.has(id)).length,
        astray: [],
        doubled: [],
        next: walked.length < limit ? null : (walked.at(-1) ?? null),
      };
    });
  }

  async listStrays(limit: number): Promise<StrayRows> {
    return this.#access.read((tables) => {
      const number = tables.auditHead.get(AUDIT_HEAD_KEY)?.number ?? 0;
      const position = tables.auditSeals.get(number)?.lastPosition ?? 0;
      const beyond = (values: readonly number[], last: number) =>
        values.filter((value) => value < 1 || value > last).slice(0, limit);
      return {
        positions: beyond(
          [...tables.auditLinks.values()].map((link) => link.position),
          position,
        ),
        numbers: beyond(
          [...tables.auditSeals.values()].map((seal) => seal.number),
          number,
        ),
      };
    });
  }
}

/** The ids of entries that have a link there. */
const linkedUpTo = (tables: ReadonlyMemoryTables, lastPosition: number): ReadonlySet<string> =>
  new Set(
    [...tables.auditLinks.values()]
      .filter(({ position }) => position >= 1 && position <= lastPosition)
      .map(({ entryId }) => entryId),
  );

/** Every field, in one order, as the chain needs it. */
const recordOf = ({ action, actor, at, details, id, subject, tenantId }: AuditEntry): string =>
  JSON.stringify([id, tenantId, actor, action, subject, at.getTime(), details]);
