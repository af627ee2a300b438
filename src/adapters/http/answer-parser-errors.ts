import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { RequestCode } from './problems/problem-catalogue.ts';
import { problemOf } from './problems/problem-of.ts';
import { RequestRefused } from './request-refused.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { problemBody } from './send-problem.ts';

interface ParserErrorOptions {
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
 * slow. The connection ends with it, since nobody knows where the next request would begin.
 */
export function answerParserErrors(server: Server, { publicUrl, logger }: ParserErrorOptions): void {
  const latest = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (req: IncomingMessage, res: ServerResponse) => latest.set(req.socket, res));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === 'ECONNRESET' || isAnswering(latest.get(socket))) {
      socket.destroy();
      return;
    }
    const code = CODES[error.code ?? ''] ?? 'request.bad-request';
    const requestId = randomUUID();
    logger.warn({ requestId, code }, 'request refused by the parser');
    socket.end(rawAnswer(code, publicUrl, requestId));
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
}

/** Whether an answer has begun and its exchange is not over: a second one in the same place would be taken for its rest. */
const isAnswering = (res: ServerResponse | undefined): boolean =>
  res !== undefined && res.headersSent && !(res.writableFinished && res.req.complete);

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
