/** What authenticators write: integers, octets, texts, and maps of them. */
export type CborValue = number | string | Uint8Array | ReadonlyMap<number | string, CborValue>;

/** Writes a value as CBOR (RFC 8949); its length or amount has to be below 65,536. */
export function encodeCbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') {
    const octets = Buffer.from(value);
    return Buffer.concat([head(3, octets.length), octets]);
  }
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  const entries = [...value].flatMap(([key, held]) => [encodeCbor(key), encodeCbor(held)]);
  return Buffer.concat([head(5, value.size), ...entries]);
}

/** The major type and its argument in the shortest form (section 3). */
function head(majorType: number, argument: number): Buffer {
  const type = majorType * 32;
  if (argument < 24) return Buffer.of(type + argument);
  if (argument < 256) return Buffer.of(type + 24, argument);
  return Buffer.of(type + 25, Math.floor(argument / 256), argument % 256);
}
