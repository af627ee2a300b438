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

/** A statement about `rn_requests` that each installation has in its own words, and then always in the same. */
export type LegacyStatement<Row> = (columns: RequestColumns) => Statement<Row>;

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
  /** Statements, each made once for the same columns. */
  readonly #made = new WeakMap<RequestColumns, Map<LegacyStatement<unknown>, Statement<unknown>>>();

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

  /**
   * Runs a statement in the words of this installation.
   *
   * @param statements look as well, where nobody has
   * @param make a constant: what it makes is kept
   */
  run<Row>(
    statements: Statements,
    make: LegacyStatement<Row>,
    parameters: readonly unknown[],
  ): Promise<readonly Row[]> {
    return this.use(statements, (columns) => statements.run(this.#statementOf(make, columns), parameters));
  }

  #statementOf<Row>(make: LegacyStatement<Row>, columns: RequestColumns): Statement<Row> {
    const made = this.#made.get(columns) ?? new Map<LegacyStatement<unknown>, Statement<unknown>>();
    this.#made.set(columns, made);
    const statement = (made.get(make) as Statement<Row> | undefined) ?? make(columns);
    made.set(make, statement);
    return statement;
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

/** The column that says when a row was made. @returns `null` where there is none, or it says no moment */
export function datedBy(columns: RequestColumns): RequestColumn | null {
  const column = columns.get('created_at');
  return column && TIMESTAMP.test(column.type) ? column : null;
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
  if (!datedBy(columns)) return 'NULL::timestamptz';
  const moment = `${alias}.created_at::timestamptz`;
  return `CASE WHEN ${moment} >= '0001-01-01Z' AND ${moment} < '9999-12-31Z' THEN ${moment} END`;
}
