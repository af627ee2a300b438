import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { answerParserErrors } from './answer-parser-errors.ts';
import { OpenConnections } from './open-connections.ts';
import { HEADER_COUNT_MAX } from './refuse-ambiguous.ts';

/** Where and how to serve. */
export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where problems link to, without a slash at the end. */
  readonly publicUrl: string;
  readonly logger: Pick<Logger, 'warn'>;
  /**
   * For how long a drain goes on answering, with `Connection: close`, so that clients in the middle of something leave by themselves
   * and balancers see that readiness is off; 0.25 seconds where nothing is said.
   */
  readonly noticeSeconds?: number;
  /** How long a drain waits for requests in flight, in seconds; 10 where nothing is said. */
  readonly drainSeconds?: number;
  /** Bounds on slow clients that differ from the usual ones. */
  readonly timeouts?: Partial<typeof TIMEOUTS>;
}

/** A server that accepts requests. */
export interface HttpServer {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /**
   * Turns readiness off (the app's setting `draining`) and tells clients to leave, then accepts nothing new, lets the requests in
   * flight finish, and cuts off those that take longer than the drain waits. Asked again, it is the same drain.
   */
  readonly drain: () => Promise<void>;
}

const DRAIN_SECONDS = 10;
const NOTICE_SECONDS = 0.25;

/** Bounds on slow clients, in milliseconds; proxies in front keep idle connections for a minute, so these stay open longer. */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2000,
};

/** After which a client that neither sends nor reads is cut off. */
const SILENCE_MS = 120_000;

/**
 * Serves `app` over HTTP/1.1.
 *
 * @throws {Error} where the address cannot be listened on
 */
export async function startHttpServer(app: Express, options: HttpServerOptions): Promise<HttpServer> {
  const { host, logger, port, publicUrl } = options;
  const { drainSeconds = DRAIN_SECONDS, noticeSeconds = NOTICE_SECONDS } = options;
  const server = createServer({
    ...TIMEOUTS,
    ...options.timeouts,
    // A request without Host is refused with a problem, like any other.
    requireHostHeader: false,
    maxHeaderSize: 16 * 1024,
  });
  server.maxHeadersCount = HEADER_COUNT_MAX + 1;
  server.maxRequestsPerSocket = 0;
  server.timeout = SILENCE_MS;

  const connections = new OpenConnections(server);
  answerParserErrors(server, { connections, publicUrl, logger });
  const serve: RequestListener = (req, res) => {
    if (app.enabled('draining')) res.setHeader('Connection', 'close');
    app(req, res);
  };
  server.on('request', serve);
  server.on('checkExpectation', serve);
  await listening(server, host, port);

  async function drain(): Promise<void> {
    app.enable('draining');
    connections.announceEnd();
    await delay(noticeSeconds * 1000);
    await closeServer(server, connections, drainSeconds * 1000);
  }
  let drained: Promise<void> | null = null;
  return { url: urlOf(server.address() as AddressInfo), drain: () => (drained ??= drain()) };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/**
 * `server.close()` alone is no drain: a connection that is kept alive still gets its next request answered, and one on which nothing
 * was ever asked, such as browsers open in advance, is waited for.
 */
async function closeServer(server: Server, connections: OpenConnections, graceMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  connections.end();
  const cut = setTimeout(() => connections.cut(), graceMs);
  await closed;
  clearTimeout(cut);
}

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${String(port)}`;
