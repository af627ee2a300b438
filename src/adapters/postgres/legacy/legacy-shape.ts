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

/** The columns of `rn_requests` that there are in this installation. Looks once; what a failed look would have found is looked up again. */
export class LegacyShape {
  readonly #statements: Statements;
  #found: Promise<RequestColumns> | null = null;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** @throws {Unavailable} */
  columns(): Promise<RequestColumns> {
    this.#found ??= inspectColumns(this.#statements).catch((error: unknown) => {
      this.#found = null;
      throw error;
    });
    return this.#found;
  }
}

/** The columns of `rn_requests` at this moment. @throws {Unavailable} */
export async function inspectColumns(statements: Statements): Promise<RequestColumns> {
  const columns = await statements.run(INSPECT, []);
  return new Map(columns.map((column) => [column.name, column]));
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
