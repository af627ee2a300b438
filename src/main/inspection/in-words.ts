/** Counts in words, such as `1 row`, `3 rows`. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${String(count)} ${count === 1 ? one : several}`;

/** Octets, as far as they matter. */
export function sizeInWords(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(bytes, 1)) / 10)));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? String(value) : value.toFixed(1)} ${units[power] ?? ''}`;
}

/** How long something takes, or has been taking. */
export function secondsInWords(seconds: number): string {
  if (seconds < 120) return `${String(Math.round(seconds))} s`;
  return seconds < 7_200
    ? `${String(Math.round(seconds / 60))} min`
    : `${String(Math.round(seconds / 3600))} h`;
}

/** Minutes ahead of UTC as clocks are written, such as `+03:00`. */
export function offsetInWords(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const whole = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

/** Several things in one line; nothing of them where there are none. */
export const listed = (what: string, names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];

/** How many rows a table has, as far as they were looked at. */
export function rowsInWords(rows: number, isWhole: boolean, estimated: number | null): string {
  if (isWhole) return counted(rows, 'row');
  const all = estimated === null || estimated < rows ? 'more' : `about ${String(Math.round(estimated))}`;
  return `${all} rows, by the server's estimate; the first ${String(rows)} were looked at before the time was up`;
}
