const MAX_LENGTH = 80;

/** A text of the database for a terminal: without marks that could steer it, and not longer than a line. */
export function printable(text: string): string {
  const plain = text.replaceAll(/\s+/gu, ' ').replaceAll(/[\p{Cc}\p{Cf}]/gu, '?');
  const points = [...plain];
  return points.length <= MAX_LENGTH ? plain : `${points.slice(0, MAX_LENGTH).join('')}…`;
}
