import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import {
  LEGACY_FINDINGS,
  type LegacyFinding,
  type LegacyFindingKind,
} from '../../domain/legacy/legacy-finding.ts';
import type { CaseId, LegacyLinkId } from '../../domain/shared/ids.ts';
import type { LegacyIndex } from '../ports/legacy/legacy-index.ts';
import type { LegacyReconciliation, ListedFinding } from '../ports/legacy/legacy-reconciliation.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { compareLegacyRows, type RowComparing } from '../steps/compare-legacy-rows.ts';
import type { ActProgress } from '../steps/reseal-texts.ts';
import { astrayness, type IsAstray } from '../steps/rows-of-link.ts';
import { listSharedIdentifiers, type SharedListing } from '../steps/shared-identifiers.ts';

/** Rows, links and ids that are looked at in one go. */
const BATCH = 1_000;
/** Rows of a slice that is looked through for some that are not in the index. */
const SLICE = 20_000;
/** Seconds between looks at a new row; a service that runs has taken it up by the last of them. */
const INDEXED_WITHIN_SECONDS = [1, 2, 3, 4];

const LISTED: readonly ListedFinding[] = [
  'row-gone',
  'link-without-rows',
  'claim-open',
  'candidate-unclaimed',
  'never-linked',
];

export interface ReconcileLegacyCommand {
  readonly actor: Actor;
  /** Waits so many seconds. */
  readonly wait: (seconds: number) => Promise<void>;
  /** Told of findings, some at a time and in no order; of a kind, each id once. It is waited for. */
  readonly onFindings?: (findings: readonly LegacyFinding[]) => Promise<void>;
  /** Told how many rows were compared, after each batch. */
  readonly onProgress?: (progress: ActProgress) => void;
}

/** How the two worlds stand to each other. */
export interface LegacyReconciled {
  /** Rows of the legacy service that were looked at. */
  readonly rows: number;
  /** Those of them that somebody owns. */
  readonly owned: number;
  /** Identifiers that are linked. */
  readonly links: number;
  /** How much of each was found; only what was. */
  readonly found: ReadonlyMap<LegacyFindingKind, number>;
  /** How many of all findings are wrong, and not only good to know. */
  readonly wrong: number;
}

interface Dependencies extends RowComparing, SharedListing {
  readonly unitOfWork: UnitOfWork<'tenants'>;
  readonly legacyIndex: LegacyIndex;
  readonly legacyReconciliation: LegacyReconciliation;
}

/** What is counted in the course of a comparison. */
interface Tally {
  readonly tell: (kind: LegacyFindingKind, id: string | null) => void;
  /** Passes on what was told since. */
  readonly flush: () => Promise<void>;
  readonly found: Map<LegacyFindingKind, number>;
}

/**
 * Compares the two worlds: what the legacy service's rows say, who owns them here, by which links, and what the index says of them. Changes
 * nothing. What others change meanwhile may show as it was or as it is.
 */
export class ReconcileLegacy {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Looks at every row and every link once, some at a time.
   *
   * @throws {Forbidden} for everybody but the installation itself
   * @throws {Unavailable}
   */
  async execute(command: ReconcileLegacyCommand): Promise<LegacyReconciled> {
    authorize(command.actor, 'legacy.operate');
    const tally = tallyOf(command);
    const isAstray = astrayness(this.#deps);
    const counted = await this.#compareRows(command, isAstray, tally);
    const links = await this.#lookAtLinks(isAstray, tally);
    await this.#lookAtIndex(command, tally);
    await listSharedIdentifiers(this.#deps, (id) => tally.tell('identifier-shared', id));
    await tally.flush();
    for (const finding of LISTED) await this.#list(finding, tally);
    const wrong = [...tally.found].reduce(
      (sum, [kind, count]) => sum + (LEGACY_FINDINGS[kind].isWrong ? count : 0),
      0,
    );
    return { ...counted, links, found: tally.found, wrong };
  }

  async #compareRows(
    { onProgress = () => undefined }: ReconcileLegacyCommand,
    isAstray: IsAstray,
    { flush, tell }: Tally,
  ): Promise<Pick<LegacyReconciled, 'rows' | 'owned'>> {
    const { legacyIndex } = this.#deps;
    const { rows: total } = await legacyIndex.count();
    const judgement = { isAstray, doubtful: new Map<LegacyLinkId, boolean>() };
    let after: CaseId | null = null;
    const counted = { rows: 0, owned: 0 };
    onProgress({ done: 0, total });
    for (;;) {
      const { rows, through } = await legacyIndex.compareRows(after, BATCH);
      await compareLegacyRows(this.#deps, rows, judgement, tell);
      await flush();
      counted.rows += rows.length;
      counted.owned += rows.filter(({ row }) => row.ownerId !== null).length;
      onProgress({ done: counted.rows, total: Math.max(total, counted.rows) });
      if (through === null) return counted;
      after = through;
    }
  }

  async #lookAtLinks(isAstray: IsAstray, { flush, tell }: Tally): Promise<number> {
    let count = 0;
    let after: LegacyLinkId | null = null;
    for (;;) {
      const links = await this.#deps.legacyLinkDirectory.nextLinked(after, BATCH);
      for (const link of links) if (await isAstray(link)) tell('vendor-moved', link.id);
      await flush();
      count += links.length;
      const last = links.at(-1);
      if (!last) return count;
      after = last.id;
    }
  }

  /** What is not indexed at one moment may be new; what is still not indexed some seconds later was forgotten. */
  async #lookAtIndex({ wait }: ReconcileLegacyCommand, { tell }: Tally): Promise<void> {
    const { completedAt } = await this.#deps.legacyIndex.readState();
    if (completedAt === null) {
      tell('index-incomplete', null);
      return;
    }
    let left = await this.#listUnindexed();
    for (const seconds of INDEXED_WITHIN_SECONDS) {
      if (left.size === 0) return;
      await wait(seconds);
      const still = await this.#listUnindexed();
      left = new Set([...left].filter((id) => still.has(id)));
    }
    for (const id of left) tell('not-indexed', id);
  }

  async #listUnindexed(): Promise<ReadonlySet<CaseId>> {
    const ids = new Set<CaseId>();
    let after: CaseId | null = null;
    for (;;) {
      const { rows, through } = await this.#deps.legacyIndex.listUnindexed(after, SLICE);
      for (const { caseId } of rows) ids.add(caseId);
      if (through === null) return ids;
      after = through;
    }
  }

  async #list(finding: ListedFinding, { flush, tell }: Tally): Promise<void> {
    let after: string | null = null;
    for (;;) {
      const ids = await this.#deps.legacyReconciliation.list(finding, after, BATCH);
      for (const id of ids) tell(finding, id);
      await flush();
      const last = ids.at(-1);
      if (last === undefined) return;
      after = last;
    }
  }
}

function tallyOf({ onFindings }: ReconcileLegacyCommand): Tally {
  let told: LegacyFinding[] = [];
  const found = new Map<LegacyFindingKind, number>();
  return {
    found,
    tell: (kind, id) => {
      found.set(kind, (found.get(kind) ?? 0) + 1);
      if (onFindings) told.push({ kind, id });
    },
    flush: async () => {
      const findings = told;
      told = [];
      if (findings.length > 0) await onFindings?.(findings);
    },
  };
}
