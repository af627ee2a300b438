import { type JsonPointer, writeJsonPointer } from '../../../domain/shared/json-pointer.ts';

/** Nothing of interest lies deeper. */
const MAX_DEPTH = 8;
const MAX_PLACES_EACH = 200;

/** The texts (and whole numbers) in a JSON value, with the JSON pointer (RFC 6901) of each. */
export function textPlaces(value: unknown): readonly (readonly [pointer: string, text: string])[] {
  const found: (readonly [string, string])[] = [];
  const visit = (part: unknown, path: JsonPointer): void => {
    if (found.length >= MAX_PLACES_EACH) return;
    if (typeof part === 'string') found.push([writeJsonPointer(path), part]);
    else if (Number.isSafeInteger(part)) found.push([writeJsonPointer(path), String(part)]);
    else if (typeof part === 'object' && part !== null && path.length < MAX_DEPTH) {
      for (const [key, inner] of Object.entries(part)) visit(inner, [...path, key]);
    }
  };
  visit(value, []);
  return found;
}

/** Whether a pointer is made of names that a program gives, so that it may be shown: keys of a map may be somebody's identifier. */
export const isNamed = (pointer: string): boolean =>
  pointer
    .split('/')
    .slice(1)
    .every((segment) => /^[A-Za-z_$][A-Za-z_$-]{0,40}\d{0,2}$/.test(segment));
