const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const escaped = (text: string): string =>
  SPECIAL.test(text) ? text.replaceAll(/[\\\t\n\r]/g, (found) => ESCAPES[found] ?? found) : text;

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

function fieldOf(value: unknown): string {
  if (value === null) return '\\N';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) {
    return `\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  }
  if (Array.isArray(value)) return escaped(`{${value.map((item) => quoted(String(item))).join(',')}}`);
  return escaped(JSON.stringify(value));
}

/** Rows as PostgreSQL's COPY reads them: text format, a line each, with the columns in this order. */
export function copyTextOf(columns: readonly string[], rows: readonly object[]): string {
  let text = '';
  for (const row of rows) {
    columns.forEach((column, index) => {
      if (index > 0) text += '\t';
      text += fieldOf((row as Readonly<Record<string, unknown>>)[column]);
    });
    text += '\n';
  }
  return text;
}
