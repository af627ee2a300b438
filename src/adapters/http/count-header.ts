import type { IncomingMessage } from 'node:http';

/**
 * How often a header field was sent: Node keeps only the first of some, and what another hop took to be the second one.
 *
 * @param name in lower case
 */
export function countHeader({ rawHeaders }: IncomingMessage, name: string): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const field = rawHeaders[index];
    if (field?.length === name.length && field.toLowerCase() === name) count += 1;
  }
  return count;
}
