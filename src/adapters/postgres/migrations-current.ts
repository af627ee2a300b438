import { CompiledQuery, type Kysely } from 'kysely';
import { MIGRATIONS } from '../../../migrations/index.ts';
import { literals } from './columns.ts';
import { translate } from './pg-errors.ts';

/** Where Kysely's Migrator keeps which migrations are done. */
export const MIGRATIONS_TABLE = 'casegate_migrations';

/** SQL that is true where every migration is done that this version knows; later ones of a newer version do no harm. */
const CURRENT = `SELECT count(*)::integer = ${Object.keys(MIGRATIONS).length} AS current FROM ${MIGRATIONS_TABLE}
WHERE name IN (${literals(Object.keys(MIGRATIONS))})`;

/**
 * Whether the database is migrated as this version needs it; one read, for readiness.
 *
 * @throws {Unavailable} where the database is out of reach
 */
export async function areMigrationsCurrent(kysely: Kysely<unknown>): Promise<boolean> {
  try {
    const { rows } = await kysely.executeQuery<{ current: boolean }>(CompiledQuery.raw(CURRENT));
    return rows[0]?.current ?? false;
  } catch (error) {
    const fault = translate(error);
    if (isUndefinedTable(fault)) return false;
    throw fault;
  }
}

const isUndefinedTable = (fault: unknown): boolean =>
  fault instanceof Error && 'code' in fault && fault.code === '42P01';
