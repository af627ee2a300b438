import { pino } from 'pino';
import { createHttpApp, type HttpConfig } from '../../../../src/adapters/http/create-http-app.ts';
import { type HttpServer, startHttpServer } from '../../../../src/adapters/http/start-http-server.ts';
import { type GivenWorld, type Member, type World, world } from '../../../support/world.ts';
import type { LogLine } from './start-kernel.ts';

/** How an API of a test differs from the usual one. */
export interface GivenApi {
  readonly world?: GivenWorld;
  readonly config?: Partial<HttpConfig>;
  /** What is wrong with the installation, by part. */
  readonly faults?: Readonly<Record<string, string>>;
}

/** What a test sends besides method and path. */
export interface Sent {
  readonly as?: Member;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The whole API over an installation in memory. */
export interface StartedApi {
  readonly server: HttpServer;
  readonly url: string;
  readonly log: readonly LogLine[];
  readonly world: World;
  readonly send: (method: string, path: string, sent?: Sent) => Promise<Response>;
}

const running: HttpServer[] = [];

/** Serves the whole API as the service does, over an installation in memory. */
export async function startApi({
  world: givenWorld,
  config,
  faults = {},
}: GivenApi = {}): Promise<StartedApi> {
  const installation = world(givenWorld);
  const log: LogLine[] = [];
  const logger = pino({ base: null }, { write: (line: string) => log.push(JSON.parse(line) as LogLine) });
  const publicUrl = config?.publicUrl ?? 'https://casegate.example.org';
  const app = createHttpApp({
    app: installation.app,
    config: {
      publicUrl,
      trustProxy: null,
      corsOrigins: [],
      rateLimits: {},
      anonymousCases: installation.adapters.settings.anonymousCases,
      cursorKey: new Uint8Array(32).fill(7),
      version: '1.2.3',
      ...config,
    },
    logger,
    readiness: () => Promise.resolve(faults),
  });
  const options = { host: '127.0.0.1', port: 0, publicUrl, logger, drainSeconds: 1, noticeSeconds: 0 };
  const server = await startHttpServer(app, options);
  running.push(server);
  return {
    server,
    url: server.url,
    log,
    world: installation,
    send: (method, path, sent) => fetch(server.url + path, requestOf(method, sent)),
  };
}

/** Ends every server that was started since the last call. */
export async function stopApis(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.drain()));
}

function requestOf(method: string, { as, body, headers }: Sent = {}): RequestInit {
  return {
    method,
    headers: {
      ...(as && { authorization: `Bearer ${as.tokens.accessToken}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}
