import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import type { BatchRunId } from '../../domain/shared/ids.ts';
import type { BatchRunStore } from '../ports/stores/batch-run-store.ts';

export interface ListImportedLinesCommand {
  readonly actor: Actor;
  readonly runId: BatchRunId;
  /** The first and the last line that are asked about. */
  readonly first: number;
  readonly last: number;
}

interface Dependencies {
  readonly batchRuns: BatchRunStore;
}

/** Tells which lines of an import have their account already. */
export class ListImportedLines {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns them in ascending order
   * @throws {Forbidden} for everybody but the installation itself
   */
  async execute({ actor, runId, first, last }: ListImportedLinesCommand): Promise<readonly number[]> {
    authorize(actor, 'legacy.operate');
    return this.#deps.batchRuns.listImportedLines(runId, first, last);
  }
}
