import type { LegacySession } from '../../../domain/legacy/legacy-session.ts';

/** The sessions of the legacy service, which are read and never written. One adapter a shape in which they are stored. */
export interface LegacySessions {
  /**
   * @returns `null` where there is no such session, it is over at `now` by anything that says so, or it cannot be read
   * @throws {Unavailable}
   */
  readonly find: (sid: string, now: Date) => Promise<LegacySession | null>;
}
