import type { BreakGlassGrant, GrantReview } from '../../../domain/cases/break-glass.ts';
import type { CaseId, GrantId, UserId } from '../../../domain/shared/ids.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type { SealedText } from '../security/text-cipher.ts';

/** A grant with its texts, sealed for table `break_glass_grants`, columns `reason` and `note`, its id. */
export interface StoredGrant extends BreakGlassGrant {
  readonly reason: SealedText;
  /** `null` while it waits for its review. */
  readonly note: SealedText | null;
}

/** The leaves to read cases outside of one's role, of one tenant. */
export interface BreakGlassStore {
  readonly add: (grant: BreakGlassGrant, reason: SealedText) => Promise<void>;
  /** @returns `null` where the tenant has no such grant */
  readonly find: (id: GrantId) => Promise<StoredGrant | null>;
  /**
   * The grant by which the admin may read the case at `now`; that which lasts longest, where there are several.
   *
   * @returns `null` where he has none
   */
  readonly findLive: (caseId: CaseId, adminId: UserId, now: Date) => Promise<BreakGlassGrant | null>;
  /** Newest first. */
  readonly list: (request: PageRequest) => Promise<Page<StoredGrant>>;
  /**
   * Keeps the review of a grant that waits for it; one statement.
   *
   * @returns `false` where it was reviewed meanwhile
   */
  readonly review: (id: GrantId, review: GrantReview, note: SealedText) => Promise<boolean>;
}
