import type { Actor, SystemActor } from '../../domain/access/actor.ts';
import { Unavailable } from '../../domain/access/errors.ts';
import { authorize } from '../../domain/access/policy.ts';
import type { BatchRunId, CaseId, TenantId } from '../../domain/shared/ids.ts';
import type { BatchRunStore } from '../ports/stores/batch-run-store.ts';
import type { LegacyLinkDirectory } from '../ports/stores/legacy-link-directory.ts';
import type { UnstampedBatch } from '../ports/stores/legacy-link-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { followLink, type LinkFollowing } from '../steps/follow-link.ts';
import type { ActProgress } from '../steps/reseal-texts.ts';

/** Rows that one unit of work writes at most. */
const ROWS = 100;
/** How often rows are tried that somebody holds, and seconds between. */
const TRIES = 10;
const REST_SECONDS = 0.3;

export interface UndoLegacyBackfillCommand {
  readonly actor: Actor;
  readonly runId: BatchRunId;
  /** Waits so many seconds. */
  readonly wait: (seconds: number) => Promise<void>;
  /** Told how many rows of the run were looked at. */
  readonly onProgress?: (progress: ActProgress) => void;
}

/** What undoing a run came to. */
export type UndoneBackfill =
  /** @param rows that are nobody's again by this @param left that somebody held all the time: to be undone again */
  | { readonly kind: 'undone'; readonly rows: number; readonly left: number }
  /** It was undone before. */
  | { readonly kind: 'over'; readonly undoneAt: Date };

interface Dependencies extends LinkFollowing {
  readonly batchRuns: BatchRunStore;
  readonly legacyLinkDirectory: LegacyLinkDirectory;
  readonly unitOfWork: UnitOfWork<'legacyLinks' | 'cases' | 'audit'>;
}

/** Takes back exactly what a backfill has done: its rows are nobody's again. Links stay as they are. */
export class UndoLegacyBackfill {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * May be broken off at any moment, and done again. A run that was broken off itself is not gone on with any more, and one that is still
   * being done ends by this, before anything is taken back. Rows that were given
   * to somebody else meanwhile stay his; what links and later rows brought about stays as well.
   *
   * @returns `null` where there is no such backfill
   * @throws {Forbidden} for everybody but the installation itself
   * @throws {CaseConflict} where others go on acting on an adopted case
   * @throws {Unavailable}
   */
  async execute(command: UndoLegacyBackfillCommand): Promise<UndoneBackfill | null> {
    const { actor, runId } = command;
    authorize(actor, 'legacy.operate');
    const { batchRuns, clock, legacyLinkDirectory } = this.#deps;
    const run = await batchRuns.find(runId);
    if (run?.kind !== 'legacy-backfill') return null;
    if (run.undoneAt) return { kind: 'over', undoneAt: run.undoneAt };
    await batchRuns.finish(runId, clock.now());
    const rows = await this.#unstampAll(command);
    const left = sumOf(await legacyLinkDirectory.countStampedBy(runId));
    if (left === 0) await this.#conclude(actor, runId, rows);
    return { kind: 'undone', rows, left };
  }

  async #conclude(actor: Actor, runId: BatchRunId, cases: number): Promise<void> {
    const { batchRuns, clock, idGenerator, unitOfWork } = this.#deps;
    const now = clock.now();
    if (!(await batchRuns.undo(runId, now))) return;
    const subject = { type: 'batch-run', id: runId };
    const act = { action: 'legacy.backfill-undone', subject, details: { cases } };
    await unitOfWork.stores(actor.tenantId).audit.add(auditEntryOf(idGenerator, actor, act, now));
  }

  async #unstampAll({
    onProgress = () => undefined,
    runId,
    wait,
  }: UndoLegacyBackfillCommand): Promise<number> {
    const { legacyLinkDirectory } = this.#deps;
    let rows = 0;
    let total: number | null = null;
    for (let tries = 1; ; tries += 1) {
      const byTenant = await legacyLinkDirectory.countStampedBy(runId);
      const left = sumOf(byTenant);
      total ??= left;
      if (left === 0) return rows;
      if (tries > 1) await wait(REST_SECONDS);
      for (const tenantId of byTenant.keys()) {
        rows += await this.#unstampOf(tenantId, { runId, wait }, (done) =>
          onProgress({ done: rows + done, total: Math.max(total ?? 0, rows + done) }),
        );
      }
      if (tries === TRIES) return rows;
    }
  }

  async #unstampOf(
    tenantId: TenantId,
    command: Pick<UndoLegacyBackfillCommand, 'runId' | 'wait'>,
    onRows: (rows: number) => void,
  ): Promise<number> {
    const actor = { kind: 'system', tenantId } as const;
    let rows = 0;
    let after: CaseId | null = null;
    onRows(rows);
    for (;;) {
      const { cases, last } = await this.#unstampPatiently(actor, command, after);
      rows += cases.length;
      onRows(rows);
      if (last === null) return rows;
      after = last;
    }
  }

  /** Somebody may act on one of the cases for longer than is waited for him. */
  async #unstampPatiently(
    actor: SystemActor,
    { runId, wait }: Pick<UndoLegacyBackfillCommand, 'runId' | 'wait'>,
    after: CaseId | null,
  ): Promise<UnstampedBatch> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#unstampNext(actor, runId, after);
      } catch (error) {
        if (!(error instanceof Unavailable) || tries === TRIES) throw error;
        await wait(REST_SECONDS);
      }
    }
  }

  #unstampNext(actor: SystemActor, runId: BatchRunId, after: CaseId | null): Promise<UnstampedBatch> {
    const { clock, idGenerator, unitOfWork } = this.#deps;
    return unitOfWork.run(actor.tenantId, async (stores) => {
      const batch = await stores.legacyLinks.unstampRun(runId, after, ROWS);
      if (batch.cases.length === 0) return batch;
      await followLink(this.#deps, stores, { actor, stamped: batch.cases, userId: null });
      const subject = { type: 'batch-run', id: runId };
      const act = { action: 'legacy.unfollowed', subject, details: { cases: batch.cases.length } };
      await stores.audit.add(auditEntryOf(idGenerator, actor, act, clock.now()));
      return batch;
    });
  }
}

const sumOf = (byTenant: ReadonlyMap<TenantId, number>): number =>
  [...byTenant.values()].reduce((sum, rows) => sum + rows, 0);
