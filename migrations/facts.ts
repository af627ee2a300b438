/** What was found of one table of schema `public`. */
export interface TableFacts {
  /** `pg_class.relkind`: `r` is an ordinary table. */
  readonly kind: string;
  /** The table's comment; Casegate's own tables carry one that begins with {@link MARK}. */
  readonly comment: string | null;
  /** Types by column, as `format_type` writes them. */
  readonly columns: Readonly<Record<string, string>>;
  /** Whether each index can be used. */
  readonly indexes: Readonly<Record<string, { readonly valid: boolean }>>;
  /** Whether each constraint is known to hold for every row. */
  readonly constraints: Readonly<Record<string, { readonly validated: boolean }>>;
}

/** What was found of the tables and schemas that migrations are concerned with; what is missing has no entry. */
export interface Facts {
  readonly tables: Readonly<Record<string, TableFacts>>;
  /** The comment of each schema; `null` where it has none. */
  readonly schemas: Readonly<Record<string, string | null>>;
  /** Whether the role that migrates may make schemas in the database. */
  readonly mayMakeSchemas: boolean;
}

/** How the comment of every table and schema begins that Casegate made. */
export const MARK = 'Casegate: ';

/** @returns `null` where there is no such table */
export const tableIn = (facts: Facts, name: string): TableFacts | null =>
  Object.hasOwn(facts.tables, name) ? (facts.tables[name] ?? null) : null;

/** Whether Casegate made the table. */
export const isOurs = (table: TableFacts): boolean => table.comment?.startsWith(MARK) ?? false;

/** The facts with something more (or something else) of one table. */
export function withTable(facts: Facts, name: string, found: Partial<TableFacts>): Facts {
  const none: TableFacts = { kind: 'r', comment: null, columns: {}, indexes: {}, constraints: {} };
  const before = tableIn(facts, name) ?? none;
  const after: TableFacts = {
    kind: found.kind ?? before.kind,
    comment: found.comment ?? before.comment,
    columns: { ...before.columns, ...found.columns },
    indexes: { ...before.indexes, ...found.indexes },
    constraints: { ...before.constraints, ...found.constraints },
  };
  return { ...facts, tables: { ...facts.tables, [name]: after } };
}
