import type { LegacySessions } from '../../../application/ports/legacy/legacy-sessions.ts';
import type { JsonPointer } from '../../../domain/shared/json-pointer.ts';
import { type LegacySession, readExpressSession } from '../../../domain/legacy/legacy-session.ts';
import type { MemoryAccess } from '../memory-access.ts';

/** The legacy service's sessions, in memory. */
export class MemoryLegacySessions implements LegacySessions {
  readonly #access: MemoryAccess;
  readonly #subject: JsonPointer;

  /** @param subject to the subject within a session's data */
  constructor(access: MemoryAccess, subject: JsonPointer) {
    this.#access = access;
    this.#subject = subject;
  }

  async find(sid: string, now: Date): Promise<LegacySession | null> {
    const row = await this.#access.read((tables) => tables.legacySessions.get(sid));
    return row ? readExpressSession(row, this.#subject, now) : null;
  }
}
