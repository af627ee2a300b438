import type { FactorSummary } from '../../domain/access/second-factor.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { ReadonlyMemoryTables } from './memory-tables.ts';

/** Which second factors the account has. */
export const factorsOf = (tables: ReadonlyMemoryTables, userId: UserId): FactorSummary => ({
  totp: (tables.totpSecrets.get(userId)?.confirmed ?? null) !== null,
  passkeys: countOf(tables.passkeys.values(), userId),
  recoveryCodes: countOf(tables.recoveryCodes.values(), userId),
});

function countOf(rows: Iterable<{ readonly userId: UserId }>, userId: UserId): number {
  let count = 0;
  for (const row of rows) if (row.userId === userId) count += 1;
  return count;
}
