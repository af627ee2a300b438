import type { Case } from '../../domain/cases/case.ts';
import type { Statement, Statements } from './statements.ts';

interface ColumnRow {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
  readonly nullable: boolean;
}

const INSPECT: Statement<ColumnRow> = {
  text: `SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable FROM pg_attribute
    WHERE attrelid = 'rn_requests'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
};

const TEXT = /^(?:text|(?:character varying|character)(?:\((?<length>\d+)\))?)$/;
const TIMESTAMP = /^timestamp(?:\(\d\))? with(?:out)? time zone$/;

/** What every installation has: migrations refuse a table without the first, and add the second. */
const ALWAYS = { uuid: 'uuid', user_uuid: 'uuid' };

/** The columns of the legacy service that Casegate fills where they are there, with the types in which they can be filled. */
const FILLED = [
  { name: 'vendor_id', type: 'text', fits: TEXT },
  { name: 'language', type: 'text', fits: TEXT },
  { name: 'created_at', type: 'timestamptz', fits: TIMESTAMP },
] as const;

/** A column that can be filled, as this installation has it. */
interface FillableColumn {
  readonly name: (typeof FILLED)[number]['name'];
  /** The types that its value goes through. */
  readonly casts: string;
  /** In characters; `Infinity` where there is no limit. */
  readonly maxLength: number;
  readonly nullable: boolean;
}

/** The row of a new case in `rn_requests`, for the legacy service to see; its text is kept elsewhere. */
export const rowOfLegacyRequest = (submitted: Case) => ({
  uuid: submitted.id,
  user_uuid: submitted.patientId,
  vendor_id: submitted.vendorId,
  language: submitted.language,
  created_at: submitted.createdAt,
});

/** A row as {@link rowOfLegacyRequest} makes it. */
export type LegacyRequestRow = ReturnType<typeof rowOfLegacyRequest>;

/** SQL types by column. */
type ColumnTypes = Readonly<Record<string, string>>;

/** The columns of `rn_requests` that exist in this installation, of those that Casegate fills. */
export class LegacyRequests {
  #found: Promise<readonly FillableColumn[]> | null = null;
  /** By the names of the columns, so that the same ones are the same object each time. */
  readonly #known = new Map<string, ColumnTypes>();

  /**
   * The columns into which the row's values fit. One that would have to be cut, or may not be null, is left out and so gets its
   * default. Looks at the table once; what a failed look would have found is looked up again.
   *
   * @returns the types that each column's value goes through; the same object for the same columns
   */
  async columnsFor(row: LegacyRequestRow, statements: Statements): Promise<ColumnTypes> {
    this.#found ??= inspect(statements).catch((error: unknown) => {
      this.#found = null;
      throw error;
    });
    const filled = (await this.#found).filter((column) => takes(column, row[column.name]));
    const names = filled.map(({ name }) => name).join();
    const known = this.#known.get(names);
    if (known) return known;
    const types = { ...ALWAYS, ...Object.fromEntries(filled.map(({ name, casts }) => [name, casts])) };
    this.#known.set(names, types);
    return types;
  }
}

async function inspect(statements: Statements): Promise<readonly FillableColumn[]> {
  const rows = await statements.run(INSPECT, []);
  return FILLED.flatMap(({ name, type, fits }) => {
    const theirs = rows.find((column) => column.name === name);
    const match = theirs && fits.exec(theirs.type);
    if (!match) return [];
    const maxLength = Number(match.groups?.['length'] ?? Infinity);
    return [{ name, casts: `${type}::${theirs.type}`, maxLength, nullable: theirs.nullable }];
  });
}

function takes({ maxLength, nullable }: FillableColumn, value: string | Date | null): boolean {
  if (value === null) return nullable;
  // Postgres counts code points.
  return typeof value !== 'string' || [...value].length <= maxLength;
}
