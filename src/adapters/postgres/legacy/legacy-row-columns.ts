import type { Case } from '../../../domain/cases/case.ts';
import type { Statements } from '../statements.ts';
import { datedBy, LegacyShape, type RequestColumns, TIMESTAMP } from './legacy-shape.ts';

const TEXT = /^(?:text|(?:character varying|character)(?:\((?<length>\d+)\))?)$/;

/** What every installation has: migrations refuse a table without the first, and add the second. */
const ALWAYS = { uuid: 'uuid', user_uuid: 'uuid' };

/** The columns of the legacy service that Casegate fills where they are there, with the types in which they can be filled. */
const FILLED = [
  { name: 'vendor_id', type: 'text', fits: TEXT },
  { name: 'language', type: 'text', fits: TEXT },
  { name: 'created_at', type: 'timestamptz', fits: TIMESTAMP },
] as const;

/** The columns by which the legacy service knows a person. They go from row to row as they are, whatever their types. */
const PERSONAL = ['user_id', 'user_identifier', 'user_crypt', 'vendor_id'] as const;

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

/** How a row for the legacy service is filled in this installation. */
export interface LegacyColumns {
  /** The columns that get the case's own values, with the types that each goes through. */
  readonly filled: Readonly<Record<string, string>>;
  /** The columns that the patient's newest row of the legacy service is followed in, where he has one. */
  readonly taken: readonly string[];
  /** Whether rows say when they were made. */
  readonly dated: boolean;
}

interface Fillable {
  readonly fillable: readonly FillableColumn[];
  readonly personal: readonly string[];
  readonly dated: boolean;
}

/** The columns of `rn_requests` that exist in this installation, of those that Casegate fills. */
export class LegacyRowColumns {
  readonly #shape: LegacyShape;
  readonly #fillable = new WeakMap<RequestColumns, Fillable>();
  /** By what it is made of, so that the same ones are the same object each time. */
  readonly #known = new Map<string, LegacyColumns>();

  constructor(shape = new LegacyShape()) {
    this.#shape = shape;
  }

  /**
   * Does what needs to know into which columns the row's values fit. One that would have to be cut, or may not be null, is left out
   * and so gets its default. A patient's identity is followed in all that it consists of, the vendor only where the case names none.
   *
   * @param statements look at the table, where nobody has
   * @param work is given the same object for the same columns
   */
  use<T>(
    row: LegacyRequestRow,
    statements: Statements,
    work: (columns: LegacyColumns) => Promise<T>,
  ): Promise<T> {
    return this.#shape.use(statements, (columns) => work(this.#columnsFor(row, columns)));
  }

  #columnsFor(row: LegacyRequestRow, existing: RequestColumns): LegacyColumns {
    const { fillable, personal, dated } = this.#fillableOf(existing);
    const fitting = fillable.filter((column) => takes(column, row[column.name]));
    const taken = followed(personal, row);
    const names = [...fitting.map(({ casts, name }) => `${name} ${casts}`), dated, ...taken].join();
    const known = this.#known.get(names);
    if (known) return known;
    const types = Object.fromEntries(fitting.map(({ name, casts }) => [name, casts] as const));
    const columns = { filled: { ...ALWAYS, ...types }, taken, dated };
    this.#known.set(names, columns);
    return columns;
  }

  #fillableOf(columns: RequestColumns): Fillable {
    const fillable = this.#fillable.get(columns) ?? inspect(columns);
    this.#fillable.set(columns, fillable);
    return fillable;
  }
}

/** Nobody is behind an anonymous case, and what a case says of its vendor is its own word. */
function followed(personal: readonly string[], row: LegacyRequestRow): readonly string[] {
  if (row.user_uuid === null) return [];
  return row.vendor_id === null ? personal : personal.filter((name) => name !== 'vendor_id');
}

const inspect = (columns: RequestColumns): Fillable => ({
  fillable: fillableOf(columns),
  personal: PERSONAL.filter((name) => columns.get(name)?.generated === false),
  dated: datedBy(columns) !== null,
});

function fillableOf(columns: RequestColumns): readonly FillableColumn[] {
  return FILLED.flatMap(({ name, type, fits }) => {
    const theirs = columns.get(name);
    const match = theirs && !theirs.generated && fits.exec(theirs.type);
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
