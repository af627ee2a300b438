import type { LegacyFindingKind } from '../../../domain/legacy/legacy-finding.ts';
import type { LegacyIdentifierKind } from '../../../domain/legacy/legacy-identifier.ts';
import type { LegacyLink } from '../../../domain/legacy/legacy-link.ts';
import type { LegacyRecord } from '../../../domain/legacy/legacy-record.ts';
import type { CaseId, UserId } from '../../../domain/shared/ids.ts';

/** By what a row has its owner. */
export interface KnownStamp {
  readonly caseId: CaseId;
  /** Who was made its owner. */
  readonly userId: UserId;
  readonly link: Pick<LegacyLink, 'id' | 'status' | 'identifierHash'>;
}

/** What can be told without looking at what rows say. */
export type ListedFinding = Extract<
  LegacyFindingKind,
  'row-gone' | 'link-without-rows' | 'claim-open' | 'candidate-unclaimed' | 'never-linked'
>;

/** What is needed to compare the two worlds, over all tenants. Changes nothing, and no statement takes long. */
export interface LegacyReconciliation {
  /** By what these rows have their owner; rows that were not given one are passed over. In no order. */
  readonly stampsOf: (caseIds: readonly CaseId[]) => Promise<readonly KnownStamp[]>;
  /** The next ids of which this can be told, in ascending order. @param after the last one seen; `null` begins */
  readonly list: (finding: ListedFinding, after: string | null, limit: number) => Promise<readonly string[]>;
  /**
   * Of each identifier that the index has under several legacy user ids, one row as it says now; placeholders among them.
   *
   * @param part of all identifiers, counted from 0
   * @param parts into how many of about the same size they fall; 256 is the most
   */
  readonly listShared: (
    kind: Exclude<LegacyIdentifierKind, 'legacy_user_id'>,
    part: number,
    parts: number,
  ) => Promise<readonly LegacyRecord[]>;
}
