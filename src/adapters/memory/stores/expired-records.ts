import type { ExpiredKind, ExpiredRecords } from '../../../application/ports/stores/expired-records.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { MemoryTable } from '../memory-table.ts';
import type { MemoryTables } from '../memory-tables.ts';

type Removal = (tables: MemoryTables, before: Date, limit: number) => number;

/** @param overAt when a row's time is over; `null` where that is not known yet */
const removalFrom =
  <Key, Row>(
    tableIn: (tables: MemoryTables) => MemoryTable<Key, Row>,
    overAt: (row: Row) => Date | null,
  ): Removal =>
  (tables, before, limit) => {
    const table = tableIn(tables);
    const isOver = (row: Row): boolean => (overAt(row) ?? before) < before;
    const overdue = [...table.entries()].filter(([, row]) => isOver(row)).slice(0, limit);
    for (const [key] of overdue) table.delete(key);
    return overdue.length;
  };

const removeSessions = removalFrom(
  ({ sessions }) => sessions,
  ({ endedAt, expiresAt }) => endedAt ?? expiresAt,
);

const REMOVALS: Readonly<Record<ExpiredKind, Removal>> = {
  sessions: (tables, before, limit) => {
    const removed = removeSessions(tables, before, limit);
    for (const [hash, { sessionId }] of [...tables.refreshTokens.entries()]) {
      if (!tables.sessions.get(sessionId)) tables.refreshTokens.delete(hash);
    }
    return removed;
  },
  oneTimeTokens: removalFrom(
    ({ oneTimeTokens }) => oneTimeTokens,
    ({ expiresAt }) => expiresAt,
  ),
  signInChallenges: removalFrom(
    ({ signInChallenges }) => signInChallenges,
    ({ challenge }) => challenge.expiresAt,
  ),
  passkeyChallenges: removalFrom(
    ({ passkeyChallenges }) => passkeyChallenges,
    ({ expiresAt }) => expiresAt,
  ),
  failureCounters: removalFrom(
    ({ failureCounters }) => failureCounters,
    ({ lastFailedAt }) => lastFailedAt,
  ),
  outboxEntries: removalFrom(
    ({ outboxEntries }) => outboxEntries,
    ({ createdAt, settledAt }) => (settledAt === null || settledAt > createdAt ? settledAt : createdAt),
  ),
  idempotencyKeys: removalFrom(
    ({ idempotencyKeys }) => idempotencyKeys,
    ({ expiresAt }) => expiresAt,
  ),
  caseReceipts: removalFrom(
    ({ caseReceipts }) => caseReceipts,
    ({ expiresAt }) => expiresAt,
  ),
  legacyTickets: removalFrom(
    ({ legacyTickets }) => legacyTickets,
    ({ expiresAt }) => expiresAt,
  ),
};

/** Records of all tenants that are of no use any more, in memory. */
export class MemoryExpiredRecords implements ExpiredRecords {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async remove(kind: ExpiredKind, before: Date, limit: number): Promise<number> {
    return this.#access.write((tables) => REMOVALS[kind](tables, before, limit));
  }
}
