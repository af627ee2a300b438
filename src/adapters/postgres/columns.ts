/** The columns that Casegate writes of a table, each with its SQL type, in the order in which statements name them. */
export type Columns<Row> = Readonly<Record<keyof Row & string, string>>;

/** The names of the columns, for a SELECT or RETURNING. */
export const columnList = (columns: Readonly<Record<string, string>>, alias?: string): string =>
  Object.keys(columns)
    .map((column) => (alias === undefined ? column : `${alias}.${column}`))
    .join(', ');

/**
 * `INSERT INTO … SELECT $first, …`; the parameters come from {@link parametersOf}.
 *
 * @param from where a query of that name has to give a row for anything to be inserted
 */
export function insertInto(
  table: string,
  columns: Readonly<Record<string, string>>,
  first = 1,
  from?: string,
): string {
  const values = Object.values(columns).map((type, index) => `$${String(first + index)}::${type}`);
  const source = from === undefined ? '' : ` FROM ${from}`;
  return `INSERT INTO ${table} (${columnList(columns)}) SELECT ${values.join(', ')}${source}`;
}

/** Texts of our own as literals of SQL, for `IN (…)` and `ARRAY[…]`. */
export const literals = (texts: readonly string[]): string => texts.map((text) => `'${text}'`).join(', ');

/** A row's values in the order of the columns. */
export const parametersOf = <Row>(columns: Partial<Columns<Row>>, row: Row): unknown[] =>
  Object.keys(columns).map((column) => row[column as keyof Row]);

/** An array for each column, as `unnest` takes them; the parameters come from {@link arraysOf}. */
export const arraysIn = (columns: Readonly<Record<string, string>>, first = 1): string =>
  Object.values(columns)
    .map((type, index) => `$${String(first + index)}::${type}[]`)
    .join(', ');

/** The rows' values, column by column. */
export const arraysOf = <Row>(columns: Columns<Row>, rows: readonly Row[]): unknown[][] =>
  Object.keys(columns).map((column) => rows.map((row) => row[column as keyof Row]));

/** How many columns there are. */
const countOf = (columns: Readonly<Record<string, string>>): number => Object.keys(columns).length;

/**
 * Inserts into several tables by one statement, all or nothing; the parameters are those of each table, one after the other, and
 * then the condition's. Gives one row without columns where it inserted.
 *
 * @param condition a query that has to give a row for anything to be inserted, by the number of its first parameter
 * @param besides what else is done then, each as `name AS (…)` from the query `condition`, by the same number
 */
export function insertAll(
  tables: readonly (readonly [table: string, columns: Readonly<Record<string, string>>])[],
  condition: (first: number) => string = () => 'SELECT',
  besides: (first: number) => readonly string[] = () => [],
): string {
  let first = 1;
  const inserts = tables.map(([table, columns]) => {
    const text = `added_${table} AS (${insertInto(table, columns, first, 'condition')})`;
    first += countOf(columns);
    return text;
  });
  const parts = [`condition AS (${condition(first)})`, ...inserts, ...besides(first)];
  return `WITH ${parts.join(',\n')}\nSELECT FROM condition`;
}
