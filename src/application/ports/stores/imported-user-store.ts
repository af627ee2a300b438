import type { BatchRunId, UserId } from '../../../domain/shared/ids.ts';

/** Where an account came from. */
export interface ImportedUser {
  readonly runId: BatchRunId;
  /** Of the run's file, counted from 1, the header being one. */
  readonly line: number;
  readonly userId: UserId;
}

/** Which accounts of one tenant came from which line of which file. */
export interface ImportedUserStore {
  /** @throws {Error} where the line has an account already: a fault of the caller, never a refusal */
  readonly add: (imported: ImportedUser) => Promise<void>;
}
