import type { CLAIM_STATUSES, LegacyLink } from '../../../domain/legacy/legacy-link.ts';
import type { LegacyRecord } from '../../../domain/legacy/legacy-record.ts';
import type { BatchRunId, CaseId, LegacyLinkId, UserId } from '../../../domain/shared/ids.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type { SealedText } from '../security/text-cipher.ts';

/** A link with what it is to: sealed for table `legacy_links`, column `identifier`, its own id. */
export interface StoredLink extends LegacyLink {
  readonly identifier: SealedText;
}

/** What an admin can decide on: an unproven claim, or a proven one that others dispute. */
export type ClaimStatus = (typeof CLAIM_STATUSES)[number];

/** A row whose owner a link is, or was until now. */
export interface StampedCase {
  readonly caseId: CaseId;
  /** Whether it was given a workflow, so that its case has to follow. */
  readonly isAdopted: boolean;
}

/** What taking back the next rows of a run came to. */
export interface UnstampedBatch {
  /** The rows that are nobody's again. */
  readonly cases: readonly StampedCase[];
  /** The last row that was looked at; `null` where there was none. */
  readonly last: CaseId | null;
}

/** Links between the accounts of one tenant and identifiers of the legacy service, and the rows of `rn_requests` that they own. */
export interface LegacyLinkStore {
  /**
   * Adds a claim. Where the account has one to the identifier that is not over, that one goes on: a candidate becomes a claim, a claim
   * gets the new one's code, where it has one. One statement.
   *
   * @returns what is kept, with the id under which it is known
   */
  readonly claim: (stored: StoredLink) => Promise<LegacyLink>;
  /** Adds candidates; those to which the account has something that is not over are passed over. */
  readonly addCandidates: (candidates: readonly StoredLink[]) => Promise<void>;
  /**
   * Keeps a link that was found, compare-and-set by its version.
   *
   * @param reason why, sealed for column `reason`; `null` leaves it as it is
   * @returns `false` where somebody else was faster
   * @throws {IdentifierTaken} where it is linked by this, and another account has the identifier
   */
  readonly save: (link: LegacyLink, reason: SealedText | null) => Promise<boolean>;
  /** @returns `null` where the tenant has no such link */
  readonly find: (id: LegacyLinkId) => Promise<StoredLink | null>;
  /** The account's own, newest first, those that are over among them. */
  readonly listOf: (userId: UserId, page: PageRequest) => Promise<Page<StoredLink>>;
  /** What an admin of the tenant can decide on, newest first. @param status `null` for both */
  readonly listClaims: (status: ClaimStatus | null, page: PageRequest) => Promise<Page<StoredLink>>;
  /** The account's links that count. */
  readonly listLinked: (userId: UserId) => Promise<readonly StoredLink[]>;
  /**
   * Makes the account of a link the owner of rows that have none and still say what the records say; of each in turn, without waiting
   * for the others. Which rows these were is kept with the link. Nothing where the link does not count any more. A unit of work that did so
   * waits for nobody from there on for longer than a moment, but is refused with {@link Unavailable}: others wait for its rows.
   *
   * @param runId of the batch that does it; `null` where none does
   * @returns the rows that it owns by this now
   */
  readonly stamp: (
    link: Pick<LegacyLink, 'id' | 'userId'>,
    records: readonly LegacyRecord[],
    runId: BatchRunId | null,
    now: Date,
  ) => Promise<readonly StampedCase[]>;
  /**
   * Takes from the rows that the link was stamped on their owner again; exactly those.
   *
   * @returns them
   * @throws {Unavailable} while somebody else holds one of them: nobody waits behind us for the others, as after stamping
   */
  readonly unstamp: (linkId: LegacyLinkId) => Promise<readonly StampedCase[]>;
  /** How many rows the link owns. */
  readonly countStamped: (linkId: LegacyLinkId) => Promise<number>;
  /** Whether the link counts. Within a unit of work nobody ends it before that is over, and who is ending it is waited for. */
  readonly hold: (linkId: LegacyLinkId) => Promise<boolean>;
  /** Whether a batch is not over. Within a unit of work nobody ends it, or undoes it, before that is over. */
  readonly holdRun: (runId: BatchRunId) => Promise<boolean>;
  /**
   * Takes from the next rows that a batch stamped, and that their account still has by that stamp, their owner again. A row that somebody
   * holds is passed over, with its stamp, without waiting; from there on it is as after stamping.
   *
   * @param after the last row that was looked at; `null` begins
   * @param limit the most stamps that are looked at
   */
  readonly unstampRun: (runId: BatchRunId, after: CaseId | null, limit: number) => Promise<UnstampedBatch>;
}
