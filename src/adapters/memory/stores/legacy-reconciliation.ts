import type {
  KnownStamp,
  LegacyReconciliation,
  ListedFinding,
} from '../../../application/ports/legacy/legacy-reconciliation.ts';
import type { LegacyIdentifierKind } from '../../../domain/legacy/legacy-identifier.ts';
import { isClaim, type LegacyLink } from '../../../domain/legacy/legacy-link.ts';
import { type LegacyRecord, recordOf } from '../../../domain/legacy/legacy-record.ts';
import { hexOf } from '../../../domain/shared/octets.ts';
import type { CaseId } from '../../../domain/shared/ids.ts';
import { indexableRows } from '../indexable-rows.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { ReadonlyMemoryTables } from '../memory-tables.ts';

/** What comparing the two worlds needs, in memory. */
export class MemoryLegacyReconciliation implements LegacyReconciliation {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async stampsOf(caseIds: readonly CaseId[]): Promise<readonly KnownStamp[]> {
    return this.#access.read((tables) =>
      caseIds.flatMap((caseId) => {
        const stamp = tables.legacyStamps.get(caseId);
        const link = stamp && tables.legacyLinks.get(stamp.linkId);
        if (!stamp || !link) return [];
        const { id, identifierHash, status } = link;
        return [{ caseId, userId: stamp.userId, link: { id, status, identifierHash } }];
      }),
    );
  }

  async list(finding: ListedFinding, after: string | null, limit: number): Promise<readonly string[]> {
    return this.#access.read((tables) =>
      [...new Set(LIST[finding](tables))]
        .filter((id) => after === null || id > after)
        .sort()
        .slice(0, limit),
    );
  }

  async listShared(
    kind: Exclude<LegacyIdentifierKind, 'legacy_user_id'>,
    part: number,
    parts: number,
  ): Promise<readonly LegacyRecord[]> {
    return this.#access.read((tables) => {
      const entries = [...tables.legacyIndex.values()].filter(
        ({ hashes }) => partOf(hashes[kind], parts) === part,
      );
      const groups = Map.groupBy(entries, ({ hashes }) => hexOf(hashes[kind] ?? new Uint8Array()));
      const firsts = [...groups.values()]
        .filter((group) => peopleIn(group.map(({ hashes }) => hashes.legacy_user_id)) > 1)
        .map((group) => group.map(({ caseId }) => caseId).sort()[0]);
      return indexableRows(tables)
        .filter(({ caseId }) => firsts.includes(caseId))
        .map(recordOf);
    });
  }
}

const partOf = (hash: Uint8Array | undefined, parts: number): number | null =>
  hash?.[0] === undefined ? null : Math.floor((hash[0] * parts) / 256);

const peopleIn = (hashes: readonly (Uint8Array | undefined)[]): number =>
  new Set(hashes.filter((hash) => hash !== undefined).map(hexOf)).size;

const linkIds = (tables: ReadonlyMemoryTables, isIt: (link: LegacyLink) => boolean): readonly string[] =>
  [...tables.legacyLinks.values()].filter(isIt).map(({ id }) => id);

const LIST: Readonly<Record<ListedFinding, (tables: ReadonlyMemoryTables) => readonly string[]>> = {
  'row-gone': (tables) =>
    [...tables.legacyStamps.entries()]
      .map(([caseId]) => caseId)
      .filter((caseId) => tables.legacyRequests.get(caseId) === undefined),
  'link-without-rows': (tables) => {
    const used = new Set([...tables.legacyStamps.values()].map(({ linkId }) => linkId));
    return linkIds(tables, ({ id, status }) => status === 'linked' && !used.has(id));
  },
  'claim-open': (tables) => linkIds(tables, isClaim),
  'candidate-unclaimed': (tables) => linkIds(tables, ({ status }) => status === 'candidate'),
  'never-linked': (tables) => {
    const links = [...tables.legacyLinks.values()].filter(({ status }) => status === 'linked');
    const linked = new Set(links.map(({ userId }) => userId));
    return [...tables.importedUsers.values()]
      .map(({ userId }) => userId)
      .filter((userId) => !linked.has(userId) && isActivePatient(tables, userId));
  },
};

function isActivePatient(tables: ReadonlyMemoryTables, userId: string): boolean {
  const user = tables.users.get(userId);
  return user?.role === 'patient' && user.isActive;
}
