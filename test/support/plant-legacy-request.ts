import type { LegacyRequestRow } from '../../src/adapters/memory/memory-tables.ts';
import type { MemoryDatabase } from '../../src/adapters/memory/memory-database.ts';
import { anId, NOW } from './builders.ts';

/** Writes a row of the legacy service into memory, of nobody and of no vendor unless told. */
export async function plantLegacyRequest(
  database: MemoryDatabase,
  given: Partial<LegacyRequestRow> = {},
): Promise<LegacyRequestRow> {
  const row: LegacyRequestRow = {
    caseId: anId(),
    vendorId: null,
    userId: null,
    identifier: null,
    userCrypt: null,
    language: 'en',
    question: 'Is surgery needed for a torn meniscus?',
    status: 'new',
    createdAt: new Date(NOW.getTime() - 86_400_000),
    ownerId: null,
    ...given,
  };
  await database.write((tables) => tables.legacyRequests.set(row.caseId, row));
  return row;
}
