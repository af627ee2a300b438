/** The columns that Casegate writes of a table, each with its SQL type, in the order in which statements name them. */
export type Columns<Row> = Readonly<Record<keyof Row & string, string>>;

/** The names of the columns, for a SELECT or RETURNING. */
export const columnList = (columns: Readonly<Record<string, string>>, alias?: string): string =>
  Object.keys(columns)
    .map((column) => (alias === undefined ? column : `${alias}.${column}`))
    .join(', ');

/** `INSERT INTO … VALUES ($first, …)`; the parameters come from {@link parametersOf}. */
export function insertInto(table: string, columns: Readonly<Record<string, string>>, first = 1): string {
  const values = Object.values(columns).map((type, index) => `$${String(first + index)}::${type}`);
  return `INSERT INTO ${table} (${columnList(columns)}) VALUES (${values.join(', ')})`;
}

/** A row's values in the order of the columns. */
export const parametersOf = <Row>(columns: Partial<Columns<Row>>, row: Row): unknown[] =>
  Object.keys(columns).map((column) => row[column as keyof Row]);

/** How many columns there are. */
const countOf = (columns: Readonly<Record<string, string>>): number => Object.keys(columns).length;

/** Inserts into several tables by one statement, all or nothing; the parameters are those of each table, one after the other. */
export function insertAll(
  tables: readonly (readonly [table: string, columns: Readonly<Record<string, string>>])[],
): string {
  let first = 1;
  const inserts = tables.map(([table, columns]) => {
    const text = insertInto(table, columns, first);
    first += countOf(columns);
    return text;
  });
  const others = inserts.slice(0, -1).map((text, index) => `part_${String(index + 1)} AS (${text})`);
  return `WITH ${others.join(',\n')}\n${inserts.at(-1) ?? ''}`;
}
