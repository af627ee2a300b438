/** Nothing of interest lies deeper. */
const MAX_DEPTH = 8;
const MAX_PLACES_EACH = 200;

const escaped = (segment: string): string => segment.replaceAll('~', '~0').replaceAll('/', '~1');

/** A JSON pointer as it is written (RFC 6901). */
export const pointerText = (tokens: readonly string[]): string =>
  tokens.map((token) => `/${escaped(token)}`).join('');

/** The texts (and whole numbers) in a JSON value, with the JSON pointer (RFC 6901) of each. */
export function textPlaces(value: unknown): readonly (readonly [pointer: string, text: string])[] {
  const found: (readonly [string, string])[] = [];
  const visit = (part: unknown, pointer: string, depth: number): void => {
    if (found.length >= MAX_PLACES_EACH) return;
    if (typeof part === 'string') found.push([pointer, part]);
    else if (Number.isSafeInteger(part)) found.push([pointer, String(part)]);
    else if (typeof part === 'object' && part !== null && depth < MAX_DEPTH) {
      for (const [key, inner] of Object.entries(part)) visit(inner, `${pointer}/${escaped(key)}`, depth + 1);
    }
  };
  visit(value, '', 0);
  return found;
}

/** Whether a pointer is made of names that a program gives, so that it may be shown: keys of a map may be somebody's identifier. */
export const isNamed = (pointer: string): boolean =>
  pointer
    .split('/')
    .slice(1)
    .every((segment) => /^[A-Za-z_$][A-Za-z_$-]{0,40}\d{0,2}$/.test(segment));
