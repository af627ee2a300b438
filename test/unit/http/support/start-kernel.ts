import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { EnrollingActor, UserActor } from '../../../../src/domain/access/actor.ts';
import type { Role } from '../../../../src/domain/identity/user.ts';
import { DEFAULT_TENANT_ID } from '../../../../src/domain/shared/ids.ts';
import {
  createLimiters,
  DEFAULT_RATE_LIMITS,
  type RateLimits,
} from '../../../../src/adapters/http/limits.ts';
import type { Route } from '../../../../src/adapters/http/route.ts';
import { serveRoutes } from '../../../../src/adapters/http/serve-routes.ts';
import { type HttpServer, startHttpServer } from '../../../../src/adapters/http/start-http-server.ts';

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** How a kernel of a test differs from the usual one. */
export interface GivenKernel {
  readonly limits?: Partial<RateLimits>;
  readonly anonymousAllowed?: boolean;
  readonly trustProxy?: string;
  readonly corsOrigins?: readonly string[];
  readonly drainSeconds?: number;
  readonly noticeSeconds?: number;
  /** How long the head and the body of a request may take, in milliseconds. */
  readonly patienceMs?: number;
}

/** Routes of a test, served on a port of their own. */
export interface StartedKernel {
  readonly server: HttpServer;
  readonly url: string;
  readonly port: number;
  readonly log: readonly LogLine[];
  readonly metrics: Registry;
}

export const PUBLIC_URL = 'https://casegate.example.org';

const running: HttpServer[] = [];

/** The token of somebody who has to enrol a second factor before he is let in. */
export const ENROLMENT_TOKEN = 'enrolling'.padEnd(43, '-');

/** Serves routes as the service does; `patient`, `physician` and `admin` are tokens of such people. */
export async function startKernel(routes: readonly Route[], given: GivenKernel = {}): Promise<StartedKernel> {
  const log: LogLine[] = [];
  const logger = pino({ base: null }, { write: (line: string) => log.push(JSON.parse(line) as LogLine) });
  const metrics = new Registry();
  const app = serveRoutes(routes, {
    kernel: {
      verifyToken: (token) => Promise.resolve(actorOf(token)),
      verifyEnrolment: (token) => Promise.resolve(token === ENROLMENT_TOKEN ? ENROLLING : null),
      limiters: createLimiters({ ...DEFAULT_RATE_LIMITS, ...given.limits }),
      anonymousAllowed: given.anonymousAllowed ?? true,
    },
    publicUrl: PUBLIC_URL,
    trustProxy: given.trustProxy ?? null,
    corsOrigins: given.corsOrigins ?? [],
    logger,
    metrics,
  });
  const options = {
    host: '127.0.0.1',
    port: 0,
    publicUrl: PUBLIC_URL,
    logger,
    drainSeconds: given.drainSeconds ?? 0.1,
    noticeSeconds: given.noticeSeconds ?? 0,
    ...(given.patienceMs !== undefined && { timeouts: timeoutsOf(given.patienceMs) }),
  };
  const server = await startHttpServer(app, options);
  running.push(server);
  return { server, url: server.url, port: Number(new URL(server.url).port), log, metrics };
}

const timeoutsOf = (patienceMs: number) => ({
  headersTimeout: patienceMs,
  requestTimeout: patienceMs,
  connectionsCheckingInterval: 20,
});

/** Ends every server that was started since the last call. */
export async function stopKernels(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.drain()));
}

const USER_IDS: Readonly<Record<Role, string>> = {
  patient: '01900000-bbbb-7000-8000-000000000001',
  physician: '01900000-bbbb-7000-8000-000000000002',
  admin: '01900000-bbbb-7000-8000-000000000003',
};

function actorOf(token: string): UserActor | null {
  if (!(token in USER_IDS)) return null;
  const role = token as Role;
  const sessionId = '01900000-cccc-7000-8000-000000000001';
  const proof = { amr: ['pwd'], authTime: new Date('2026-01-01T00:00:00Z') } as const;
  return { kind: 'user', userId: USER_IDS[role], tenantId: DEFAULT_TENANT_ID, sessionId, role, ...proof };
}

const ENROLLING: EnrollingActor = {
  kind: 'enrolling',
  userId: USER_IDS.physician,
  tenantId: DEFAULT_TENANT_ID,
  tokenHash: new Uint8Array(32),
};
