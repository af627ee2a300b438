import type { Application } from '../application/application.ts';
import type { Settings } from '../application/ports/system/settings.ts';

/** What is wrong at the moment, by part; empty when it can serve. */
export type Faults = Readonly<Record<string, string>>;

/** An open installation: its use cases, on its database. */
export interface Casegate {
  readonly app: Application;
  /** The settings that its use cases obey. */
  readonly settings: Settings;
  /** Looks whether it can serve; answers within two seconds. */
  readonly faults: () => Promise<Faults>;
  /** The key that list cursors are signed with, 32 octets. */
  readonly cursorKey: Uint8Array;
  /** Lets go of the database; the embedded one is stopped when nobody else uses it. */
  readonly close: () => Promise<void>;
}
