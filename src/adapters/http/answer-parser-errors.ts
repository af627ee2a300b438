import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { OpenConnections } from './open-connections.ts';
import type { RequestCode } from './problems/problem-catalogue.ts';
import { problemOf } from './problems/problem-of.ts';
import { RequestRefused } from './request-refused.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { problemBody } from './send-problem.ts';

interface ParserErrorOptions {
  readonly connections: OpenConnections;
  readonly publicUrl: string;
  readonly logger: Pick<Logger, 'warn'>;
}

/** How long a client has to read why it is cut off, in milliseconds. */
const LINGER_MS = 1000;

/** By the codes of Node; every other one is a request that is no HTTP. */
const CODES: Readonly<Record<string, RequestCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
  HPE_HEADER_OVERFLOW: 'request.headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'request.payload-too-large',
};

/**
 * Lets a server answer with a problem what never becomes a request: broken HTTP, heads that are too large, clients that are too
 * slow. What was asked before on the same connection is answered first, and then nothing else. The connection ends with it, since
 * nobody knows where the next request would begin.
 */
export function answerParserErrors(
  server: Server,
  { connections, publicUrl, logger }: ParserErrorOptions,
): void {
  const ending = new WeakSet<Duplex>();

  function endWithProblem(socket: Duplex, error: NodeJS.ErrnoException): void {
    const code = CODES[error.code ?? ''] ?? 'request.bad-request';
    const requestId = randomUUID();
    logger.warn({ requestId, code }, 'request refused by the parser');
    socket.end(rawAnswer(code, publicUrl, requestId));
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // What is still sent on a connection whose end is on the way changes nothing.
    if (ending.has(socket)) return;
    ending.add(socket);
    const due = connections.dueOn(socket).findLast(isOwed);
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else if (due) endAfter(due, socket);
    else if (isAnswered(connections.latestOn(socket))) socket.destroy();
    else endWithProblem(socket, error);
  });
}

/** Whether an answer is on its way to a client that has done its part: to a request that came in full, or one that has begun. */
const isOwed = (res: ServerResponse): boolean => res.req.complete || res.headersSent;

/** Whether the request that the parser gave up on has its answer: another one in the same place would be taken for the next. */
const isAnswered = (latest: ServerResponse | null): boolean =>
  latest !== null && latest.headersSent && !latest.req.complete;

function endAfter(res: ServerResponse, socket: Duplex): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
  res.once('close', () => socket.end(() => socket.destroy()));
}

function rawAnswer(code: RequestCode, publicUrl: string, requestId: string): string {
  const problem = problemOf(new RequestRefused(code));
  const body = JSON.stringify(problemBody(problem, publicUrl, requestId));
  const fields = [
    ...SECURITY_HEADERS,
    ['x-request-id', requestId],
    ['content-type', 'application/problem+json'],
    ['content-length', String(Buffer.byteLength(body))],
    ['connection', 'close'],
    ['date', new Date().toUTCString()],
  ];
  const { status } = problem.kind;
  const head = fields.map(([name = '', value = '']) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}\r\n${body}`;
}
