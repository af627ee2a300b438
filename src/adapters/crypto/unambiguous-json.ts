const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Each string of a JSON text, with the colon after it where it is a name. */
const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/**
 * Reads JSON on which all parsers agree: well-formed UTF-8 in which no object says a name twice, in whatever spelling (RFC 8259,
 * section 4).
 *
 * @throws {SyntaxError}
 */
export function unambiguousJson(octets: Uint8Array): unknown {
  const text = decoded(octets);
  const value: unknown = JSON.parse(text);
  const written = [...text.matchAll(STRINGS)].filter(([, colon]) => colon !== undefined).length;
  // A name that comes twice is read as one.
  if (written !== nameCount(value)) throw new SyntaxError('A name comes twice.');
  return value;
}

function decoded(octets: Uint8Array): string {
  try {
    return UTF_8.decode(octets);
  } catch (cause) {
    throw new SyntaxError('Not UTF-8.', { cause });
  }
}

/** How many names the objects have, those within others included. */
function nameCount(value: unknown): number {
  let count = 0;
  const pending = [value];
  for (const next of pending) {
    if (typeof next !== 'object' || next === null) continue;
    const within: unknown[] = Object.values(next);
    if (!Array.isArray(next)) count += within.length;
    for (const one of within) pending.push(one);
  }
  return count;
}
