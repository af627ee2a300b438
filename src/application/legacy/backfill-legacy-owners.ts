import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import type { BatchRunId, LegacyLinkId } from '../../domain/shared/ids.ts';
import type { BatchRun, BatchRunStore } from '../ports/stores/batch-run-store.ts';
import type { LegacyLinkDirectory } from '../ports/stores/legacy-link-directory.ts';
import type { StoredLink } from '../ports/stores/legacy-link-store.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type BackfilledLink, backfillLink, type LinkBackfilling } from '../steps/backfill-link.ts';
import { forecastLink, type Forecast } from '../steps/forecast-link.ts';
import { inOrder } from '../steps/in-order.ts';
import type { ActProgress } from '../steps/reseal-texts.ts';
import { astrayness } from '../steps/rows-of-link.ts';

/** Links after which a run keeps how far it has come. */
const BATCH = 100;
/** Links that are worked on at once. */
const AT_ONCE = 4;

export interface BackfillLegacyOwnersCommand {
  readonly actor: Actor;
  /** Only says what would be done. */
  readonly isDryRun: boolean;
  /** Waits so many seconds. */
  readonly wait: (seconds: number) => Promise<void>;
  /** Told which run it is, before anything is done; never for a dry one. */
  readonly onRun?: (run: BatchRunId, isResumed: boolean) => void;
  /** Told how many links were looked at, after each batch. */
  readonly onProgress?: (progress: ActProgress) => void;
}

/** What a backfill came to; where it went on with a run that had been broken off, from there on. */
export interface LegacyBackfill extends BackfilledLink {
  /** `null` for a dry one. */
  readonly runId: BatchRunId | null;
  /** Links that were looked at. */
  readonly links: number;
  /** Of those, links to a vendor that belongs to another tenant than the account by now: their rows are left as they are. */
  readonly astray: number;
  /** All rows that the run has given their owner since it began; for a dry one, those that it would. */
  readonly total: number;
  /** Whether somebody has undone the run meanwhile, or finished it as well: it goes on no more. */
  readonly isOver: boolean;
}

interface Dependencies extends LinkBackfilling {
  readonly batchRuns: BatchRunStore;
  readonly legacyLinkDirectory: LegacyLinkDirectory;
}

/** Where a run stands: the last link that it has seen, and how many it has. */
interface Position {
  readonly after: LegacyLinkId | null;
  readonly done: number;
}

const BEGINNING: Position = { after: null, done: 0 };

const textOf = ({ after, done }: Position): string => `${String(done)} ${after ?? ''}`;

function positionOf(text: string | null): Position {
  const [, done, after] = /^(\d+) (.+)$/.exec(text ?? '') ?? [];
  return after === undefined ? BEGINNING : { after, done: Number(done) };
}

const NOTHING = { rows: 0, own: 0, others: 0, ambiguous: 0, held: 0, astray: 0, links: 0 };

/** Gives the rows of proven identifiers to the accounts that own these, as a run that can be taken back exactly. */
export class BackfillLegacyOwners {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * May be broken off at any moment: what was done stays, and the next one goes on with the same run. Each link is a unit of work of its
   * own, of at most some hundred rows. Rows that the legacy service holds are not waited for but tried again. Of several at once, all do
   * the same run; once one has finished or undone it, nobody gives a row to anybody by it any more.
   *
   * @throws {Forbidden} for everybody but the installation itself
   * @throws {Unavailable}
   */
  async execute(command: BackfillLegacyOwnersCommand): Promise<LegacyBackfill> {
    authorize(command.actor, 'legacy.operate');
    return command.isDryRun ? this.#foretell(command) : this.#apply(command);
  }

  async #foretell(command: BackfillLegacyOwnersCommand): Promise<LegacyBackfill> {
    const forecast: Forecast = new Map();
    const isAstray = astrayness(this.#deps);
    const counted = await this.#goThrough(
      command,
      BEGINNING,
      (link) => forecastLink(this.#deps, link, isAstray, forecast),
      () => Promise.resolve(true),
    );
    return { ...counted, runId: null, total: counted.rows };
  }

  async #apply(command: BackfillLegacyOwnersCommand): Promise<LegacyBackfill> {
    const { actor, onRun = () => undefined, wait } = command;
    const { batchRuns, legacyLinkDirectory } = this.#deps;
    const { isResumed, run } = await this.#begin();
    const { id: runId, position } = run;
    onRun(runId, isResumed);
    const isAstray = astrayness(this.#deps);
    const counted = await this.#goThrough(
      command,
      positionOf(position),
      (link) => backfillLink(this.#deps, link, { runId, isAstray, wait }),
      (reached) => batchRuns.advance(runId, textOf(reached)),
    );
    const stamped = await legacyLinkDirectory.countStampedBy(runId);
    const total = [...stamped.values()].reduce((sum, rows) => sum + rows, 0);
    if (!counted.isOver) await this.#finish(actor, runId, total);
    return { ...counted, runId, total };
  }

  async #begin(): Promise<{ readonly run: BatchRun; readonly isResumed: boolean }> {
    const { batchRuns, clock, idGenerator } = this.#deps;
    const nothing = { fileDigest: null, options: {}, position: null, finishedAt: null, undoneAt: null };
    const given = { id: idGenerator.next(), kind: 'legacy-backfill', createdAt: clock.now() } as const;
    const run = await batchRuns.open({ ...nothing, ...given });
    return { run, isResumed: run.id !== given.id };
  }

  async #finish(actor: Actor, runId: BatchRunId, cases: number): Promise<void> {
    const { batchRuns, clock, idGenerator, unitOfWork } = this.#deps;
    const now = clock.now();
    const act = {
      action: 'legacy.backfilled',
      subject: { type: 'batch-run', id: runId },
      details: { cases },
    };
    await unitOfWork.stores(actor.tenantId).audit.add(auditEntryOf(idGenerator, actor, act, now));
    await batchRuns.finish(runId, now);
  }

  /** @param onBatch keeps how far it has come, before that is told, and says whether to go on */
  async #goThrough(
    { onProgress = () => undefined }: BackfillLegacyOwnersCommand,
    from: Position,
    work: (link: StoredLink) => Promise<BackfilledLink | null>,
    onBatch: (reached: Position) => Promise<boolean>,
  ): Promise<Omit<LegacyBackfill, 'runId' | 'total'>> {
    const { legacyLinkDirectory } = this.#deps;
    const counted = { ...NOTHING };
    const total = await legacyLinkDirectory.countLinked();
    let { after, done } = from;
    onProgress({ done, total: Math.max(done, total) });
    for (;;) {
      const links = await legacyLinkDirectory.nextLinked(after, BATCH);
      const last = links.at(-1);
      if (!last) return { ...counted, isOver: false };
      for await (const result of inOrder(links, AT_ONCE, work)) addTo(counted, result);
      after = last.id;
      done += links.length;
      if (!(await onBatch({ after, done }))) return { ...counted, isOver: true };
      onProgress({ done, total: Math.max(done, total) });
    }
  }
}

/** @param result `null` of a link that is astray */
function addTo(counted: typeof NOTHING, result: BackfilledLink | null): void {
  counted.links += 1;
  if (!result) {
    counted.astray += 1;
    return;
  }
  counted.rows += result.rows;
  counted.own += result.own;
  counted.others += result.others;
  counted.ambiguous += result.ambiguous;
  counted.held += result.held;
}
