import type { Application } from '../application/application.ts';

/** An open installation: its use cases, on its database. */
export interface Casegate {
  readonly app: Application;
  /** What is wrong at the moment, by part; empty when it can serve. */
  readonly faults: () => Promise<Readonly<Record<string, string>>>;
  /** The key that list cursors are signed with, 32 octets. */
  readonly cursorKey: Uint8Array;
  /** Lets go of the database; the embedded one is stopped when nobody else uses it. */
  readonly close: () => Promise<void>;
}
