import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import type { CaseId, LegacyLinkId } from '../../domain/shared/ids.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type {
  ComparedRow,
  IndexableRow,
  LegacyIndex,
  LegacyIndexState,
} from '../ports/legacy/legacy-index.ts';
import { indexLegacyRow, isIndexed } from '../steps/index-legacy-row.ts';
import type { PartFailed } from '../steps/part-failed.ts';
import { stampFollowers, type StampingFollowers } from '../steps/stamp-followers.ts';

/** Rows that are hashed between two waits: some milliseconds' work. */
const BATCH = 1_000;
/** Batches that one run builds at most, and batches that it compares. */
const BUILT_BATCHES = 100;
const COMPARED_BATCHES = 20;
/** Rows of a slice that is looked through for some that are not in the index, and how many slices of one run. */
const SLICE = 20_000;
const SLICES = 100;
/** Seconds after which a run begins nothing more, so that new rows do not wait for longer. */
const RUN_SECONDS = 5;

/** Seconds between comparisons of all rows. */
const COMPARE_SECONDS = 3600;
/** Seconds without a run after which rows may be older than the last hour that nobody has seen. */
const GAP_SECONDS = 1800;
/** How many times as long as a look for new rows took, at least, no other is made: in a huge table without an index they take long. */
const REST = 10;
/** Seconds of such a rest at most. */
const REST_SECONDS = 20;

export interface IndexLegacyRequestsCommand {
  readonly actor: Actor;
}

/** What one run came to. */
export interface LegacyIndexing {
  /** Rows whose entries it made or mended. */
  readonly indexed: number;
  /** Entries of rows that are gone. */
  readonly removed: number;
  /** Rows that got their owner, since their identifier is linked. */
  readonly stamped: number;
  /** How many rows are in the index, where this run completed it; `null` where it did not. */
  readonly completedWith: number | null;
}

interface Dependencies extends StampingFollowers {
  readonly legacyIndex: LegacyIndex;
}

/** What is counted in the course of a run. */
interface Run {
  readonly now: Date;
  indexed: number;
  removed: number;
  stamped: number;
  /** Milliseconds that looks for new rows took. */
  looked: number;
  readonly failures: Map<LegacyLinkId, PartFailed>;
}

/**
 * Builds the index of the legacy service's requests, and follows them: to be run every few seconds, by any number of processes, killed at
 * any moment. A run takes new rows, gives them to the account that owns their identifier, and goes on with what takes longer: building,
 * and then once an hour comparing all rows with their entries, which mends those of edited rows, takes up rows that were made to look old,
 * and removes entries of rows that are gone. A process begins with a comparison: vendors may have been configured anew.
 */
export class IndexLegacyRequests {
  readonly #deps: Dependencies;
  /** When new rows were looked for here last. */
  #lookedAt: Date | null = null;
  #restsUntil: Date | null = null;
  /** How far the look at all rows has come that is under way here, a part in each run; `null` where none is. */
  #pass: { readonly after: CaseId | null } | null = null;
  /** Whether rows say when they were made. */
  #isDated = true;
  #hasCompared = false;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Each batch is kept whatever becomes of the next.
   *
   * @throws {Forbidden} for everybody but the installation itself
   * @throws {AggregateError} of {@link PartFailed} where rows could not be given to the owners of some links, after all others
   * @throws {Unavailable}
   */
  async execute({ actor }: IndexLegacyRequestsCommand): Promise<LegacyIndexing> {
    authorize(actor, 'jobs.run');
    const { clock, legacyIndex } = this.#deps;
    const run: Run = { now: clock.now(), indexed: 0, removed: 0, stamped: 0, looked: 0, failures: new Map() };
    const state = await legacyIndex.readState();
    const isCompleted = state.completedAt === null ? await this.#build(run, state) : false;
    if (state.completedAt !== null) {
      await this.#takeRecent(run);
      await this.#takeOlder(run);
      await this.#compare(run, state, state.completedAt);
    }
    const { failures, indexed, looked, removed, stamped } = run;
    if (looked > 0) {
      this.#restsUntil = addSeconds(clock.now(), Math.min((looked * REST) / 1000, REST_SECONDS));
    }
    if (failures.size > 0) {
      throw new AggregateError(failures.values(), `Rows of ${String(failures.size)} links failed.`);
    }
    const completedWith = isCompleted ? (await legacyIndex.count()).entries : null;
    return { indexed, removed, stamped, completedWith };
  }

  /**
   * Rows that the legacy service has made since the last run. Those that it may have made in a longer time without one, and those of many
   * that this run leaves, are left to the look at all rows: they are found there without being looked for once more.
   */
  async #takeRecent(run: Run): Promise<void> {
    if (this.#restsUntil !== null && run.now < this.#restsUntil) return;
    const hasGap = this.#lookedAt === null || addSeconds(this.#lookedAt, GAP_SECONDS) < run.now;
    const recent = await this.#timed(run, () => this.#deps.legacyIndex.listRecentlyUnindexed(run.now, SLICE));
    this.#isDated = recent !== null;
    const rows = recent ?? [];
    const taken = await this.#putUnindexed(run, rows);
    const isLeft = taken < rows.length || rows.length === SLICE;
    if (hasGap || !this.#isDated || isLeft) this.#pass ??= { after: null };
    this.#lookedAt = run.now;
  }

  async #timed<T>(run: Run, look: () => Promise<T>): Promise<T> {
    const began = this.#deps.clock.now();
    const found = await look();
    run.looked += this.#deps.clock.now().getTime() - began.getTime();
    return found;
  }

  /** @returns whether this run has completed the index */
  async #build(run: Run, { builtThrough }: LegacyIndexState): Promise<boolean> {
    const { legacyIndex } = this.#deps;
    let after = builtThrough;
    for (let batches = 0; batches < BUILT_BATCHES && !this.#isLong(run); batches += 1) {
      const { rows, through } = await legacyIndex.compareRows(after, BATCH);
      await this.#put(run, rows);
      if (through === null) return this.#finishBuilding(run);
      // Somebody else is at it as well, and may be ahead.
      if (!(await legacyIndex.saveBuilt(after, through))) return false;
      after = through;
    }
    return false;
  }

  /** What came in behind the building is taken up before the index counts as complete. */
  async #finishBuilding(run: Run): Promise<boolean> {
    const { clock, legacyIndex } = this.#deps;
    this.#pass ??= { after: null };
    return (await this.#takeOlder(run)) && (await legacyIndex.complete(clock.now()));
  }

  /**
   * Goes on with the look at all rows that was begun, if one was. It is how new ones are found that do not say when they were made.
   *
   * @returns whether none is under way any more
   */
  async #takeOlder(run: Run): Promise<boolean> {
    for (let slices = 0; slices < SLICES && this.#pass && !this.#isLong(run); slices += 1) {
      const { after } = this.#pass;
      const list = () => this.#deps.legacyIndex.listUnindexed(after, SLICE);
      const { rows, through } = this.#isDated ? await list() : await this.#timed(run, list);
      const taken = await this.#putUnindexed(run, rows);
      const reached = taken < rows.length ? (rows[taken - 1]?.caseId ?? after) : through;
      this.#pass = reached === null ? null : { after: reached };
    }
    return this.#pass === null;
  }

  /** Goes on with the comparison that is under way, wherever it began, or begins one that is due. */
  async #compare(
    run: Run,
    { comparedThrough, comparedAt }: LegacyIndexState,
    completedAt: Date,
  ): Promise<void> {
    const { clock, legacyIndex } = this.#deps;
    if (comparedThrough === null) {
      const isDue = addSeconds(comparedAt ?? completedAt, COMPARE_SECONDS) <= run.now;
      if (this.#hasCompared && !isDue) return;
      this.#hasCompared = true;
    }
    let after = comparedThrough;
    for (let batches = 0; batches < COMPARED_BATCHES && !this.#isLong(run); batches += 1) {
      const { rows, through } = await legacyIndex.compareRows(after, BATCH);
      await this.#put(run, rows, 'held');
      run.removed += await legacyIndex.removeVanished(after, through);
      const isSaved = await legacyIndex.saveCompared(after, through, clock.now());
      if (through === null || !isSaved) return;
      after = through;
    }
  }

  #isLong({ now }: Run): boolean {
    return addSeconds(now, RUN_SECONDS) < this.#deps.clock.now();
  }

  /** Stops where the run has become long, though never before the first batch. @returns how many of the rows it has come to */
  async #putUnindexed(run: Run, rows: readonly IndexableRow[]): Promise<number> {
    let taken = 0;
    while (taken < rows.length && (taken === 0 || !this.#isLong(run))) {
      const batch = rows.slice(taken, taken + BATCH);
      await this.#put(
        run,
        batch.map((row) => ({ row, entry: null })),
      );
      taken += batch.length;
    }
    return taken;
  }

  /**
   * Owners first: a row that is in the index is not new any more. One that is owed to somebody who could not be given it yet stays new,
   * so that the next run tries again.
   *
   * @param leaving the comparison lets it be at those that failed: a fault that stays must not keep rows out of the index for ever
   */
  async #put(
    run: Run,
    rows: readonly ComparedRow[],
    leaving: 'held' | 'held and failed' = 'held and failed',
  ): Promise<void> {
    const changed = rows.flatMap((compared) => {
      const indexed = indexLegacyRow(this.#deps, compared, run.now);
      return isIndexed(indexed.entry, compared.entry) ? [] : [indexed];
    });
    const { failed, held, stamped } = await stampFollowers(this.#deps, changed, run.failures);
    const isLeft = (id: CaseId) => held.has(id) || (leaving === 'held and failed' && failed.has(id));
    const entries = changed.map(({ entry }) => entry).filter(({ caseId }) => !isLeft(caseId));
    await this.#deps.legacyIndex.put(entries);
    run.stamped += stamped;
    run.indexed += entries.length;
  }
}
