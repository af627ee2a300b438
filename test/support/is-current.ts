import { openDatabase } from '../../src/adapters/postgres/database.ts';
import { areMigrationsCurrent } from '../../src/adapters/postgres/migrations-current.ts';

/** Whether the database is migrated as the service needs it, told as readiness tells it. */
export async function isCurrent(url: string): Promise<boolean> {
  const { kysely, close } = openDatabase({ url, prepared: true });
  try {
    return await areMigrationsCurrent(kysely);
  } finally {
    await close();
  }
}
