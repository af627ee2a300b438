import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import type { BatchRunId } from '../../domain/shared/ids.ts';
import type { BatchRunStore } from '../ports/stores/batch-run-store.ts';
import type { Clock } from '../ports/system/clock.ts';

export interface FinishImportCommand {
  readonly actor: Actor;
  readonly runId: BatchRunId;
}

interface Dependencies {
  readonly batchRuns: BatchRunStore;
  readonly clock: Clock;
}

/** Says that every line of an import was looked at, whatever came of it. */
export class FinishImport {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {Forbidden} for everybody but the installation itself */
  async execute({ actor, runId }: FinishImportCommand): Promise<void> {
    authorize(actor, 'legacy.operate');
    await this.#deps.batchRuns.finish(runId, this.#deps.clock.now());
  }
}
