import { DatabaseFault } from '../pg-errors.ts';
import type { Statement, Statements } from '../statements.ts';

/** A column of `rn_requests`, as this installation has it. */
export interface RequestColumn {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
  readonly nullable: boolean;
  /** Whether the database computes it, so that nobody can fill it. */
  readonly generated: boolean;
  /** Whether rows are found by an order of this column alone. */
  readonly indexed: boolean;
}

/** The columns of `rn_requests`, by name. */
export type RequestColumns = ReadonlyMap<string, RequestColumn>;

const INSPECT: Statement<RequestColumn> = {
  text: `SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable,
      attgenerated <> '' OR attidentity = 'a' AS generated, EXISTS (
        SELECT FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
        WHERE indrelid = attrelid AND indkey[0] = attnum AND indisvalid AND indpred IS NULL AND amname = 'btree'
      ) AS indexed
    FROM pg_attribute WHERE attrelid = 'rn_requests'::regclass AND attnum > 0 AND NOT attisdropped`,
};

/** Types of columns that say a moment, with a time zone or without. */
export const TIMESTAMP = /^timestamp(?:\(\d\))? with(?:out)? time zone$/;

/**
 * The columns of `rn_requests` that there are in this installation; one for all of a process. Looks once, and again after a look or a
 * statement that failed: the table may have been altered.
 */
export class LegacyShape {
  #found: Promise<RequestColumns> | null = null;

  /**
   * Does what needs to know the columns.
   *
   * @param statements look, where nobody has
   * @param work is given the same object each time, while nothing has failed
   * @throws whatever the work throws
   * @throws {Unavailable}
   */
  async use<T>(statements: Statements, work: (columns: RequestColumns) => Promise<T>): Promise<T> {
    this.#found ??= this.#look(statements);
    const found = this.#found;
    const columns = await found;
    try {
      return await work(columns);
    } catch (error) {
      // Somebody else may have looked again meanwhile.
      if (error instanceof DatabaseFault && this.#found === found) this.#found = null;
      throw error;
    }
  }

  async #look(statements: Statements): Promise<RequestColumns> {
    try {
      const columns = await statements.run(INSPECT, []);
      return new Map(columns.map((column) => [column.name, column]));
    } catch (error) {
      this.#found = null;
      throw error;
    }
  }
}

const JSON_TYPES: readonly string[] = ['json', 'jsonb'];

/**
 * The column as text, in SQL, a JSON string without its quotes; NULL where there is no such column.
 *
 * @param alias of `rn_requests` in the statement
 */
export function legacyText(columns: RequestColumns, name: string, alias: string): string {
  const column = columns.get(name);
  if (!column) return 'NULL::text';
  return JSON_TYPES.includes(column.type) ? `(${alias}.${name} #>> '{}')` : `${alias}.${name}::text`;
}

/**
 * When the row was made, in SQL; NULL where it does not say, or says something that is no moment of our era. A time without a zone is
 * read in that of the session, which is how the legacy service's own default was written.
 *
 * @param alias of `rn_requests` in the statement
 */
export function legacyCreatedAt(columns: RequestColumns, alias: string): string {
  if (!TIMESTAMP.test(columns.get('created_at')?.type ?? '')) return 'NULL::timestamptz';
  const moment = `${alias}.created_at::timestamptz`;
  return `CASE WHEN ${moment} >= '0001-01-01Z' AND ${moment} < '9999-12-31Z' THEN ${moment} END`;
}
