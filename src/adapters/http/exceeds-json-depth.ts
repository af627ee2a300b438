const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Whether JSON nests more than `limit` arrays and objects; told from its octets, so that no parser has to go down there. */
export function exceedsJsonDepth(octets: Uint8Array, limit: number): boolean {
  let depth = 0;
  for (let index = 0; index < octets.length; index += 1) {
    switch (octets[index]) {
      case QUOTE:
        index = endOfString(octets, index);
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        depth += 1;
        if (depth > limit) return true;
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        depth -= 1;
        break;
      default:
    }
  }
  return false;
}

/** Where the string that begins at `start` ends: its closing quote, or the end of the text. */
function endOfString(octets: Uint8Array, start: number): number {
  let index = start + 1;
  while (index < octets.length && octets[index] !== QUOTE) index += octets[index] === BACKSLASH ? 2 : 1;
  return index;
}
