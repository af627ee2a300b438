import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import type { BatchRun, BatchRunOptions, BatchRunStore } from '../ports/stores/batch-run-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';

export interface OpenImportCommand {
  readonly actor: Actor;
  /** By which the file is known again, 32 octets. */
  readonly fileDigest: Uint8Array;
  readonly options: BatchRunOptions;
}

/** An import of accounts from a file. */
export interface OpenedImport {
  readonly run: BatchRun;
  /** Whether somebody has begun with the file before, and may have made accounts. */
  readonly isResumed: boolean;
}

interface Dependencies {
  readonly batchRuns: BatchRunStore;
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
}

/** Begins with a file of accounts, or goes on where somebody broke off or had rows refused. */
export class OpenImport {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * A file stays one run for ever, so that none of its lines makes a second account.
   *
   * @throws {Forbidden} for everybody but the installation itself
   */
  async execute({ actor, fileDigest, options }: OpenImportCommand): Promise<OpenedImport> {
    authorize(actor, 'legacy.operate');
    const { batchRuns, clock, idGenerator } = this.#deps;
    const known = await batchRuns.findByFile('users-import', fileDigest);
    if (known) return { run: known, isResumed: true };
    const id = idGenerator.next();
    const begun = { position: null, createdAt: clock.now(), finishedAt: null, undoneAt: null };
    const run = await batchRuns.open({ id, kind: 'users-import', fileDigest, options, ...begun });
    return { run, isResumed: run.id !== id };
  }
}
