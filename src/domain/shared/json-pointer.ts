/** Where in a JSON document something is: the tokens of a JSON pointer (RFC 6901), unescaped. */
export type JsonPointer = readonly string[];

const POINTER = /^(?:\/(?:[^~/]|~[01])*)+$/;
const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** @returns `null` for what is no JSON pointer, or the one to the whole document */
export function parseJsonPointer(text: string): JsonPointer | null {
  if (!POINTER.test(text)) return null;
  return text
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The JSON pointer (RFC 6901) to what lies at `path`; the root is the empty text. */
export const writeJsonPointer = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** @returns what the document has there; `undefined` where it has nothing. What every object inherits is nothing. */
export function valueAt(document: unknown, pointer: JsonPointer): unknown {
  return pointer.reduce(memberOf, document);
}

function memberOf(value: unknown, token: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) && !INDEX.test(token)) return undefined;
  return Object.hasOwn(value, token) ? (Reflect.get(value, token) as unknown) : undefined;
}
