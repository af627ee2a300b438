import type { IncomingMessage } from 'node:http';

/** Whether the request comes with a body of at least one octet, or of a length that it does not tell (RFC 9112, section 6). */
export function carriesBody({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true;
  const length = headers['content-length'];
  return length !== undefined && Number(length) > 0;
}
