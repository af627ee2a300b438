import type { Express } from 'express';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Application } from '../../application/application.ts';
import { apiRoutes } from './api-routes.ts';
import { Cursors } from './cursors.ts';
import { createLimiters, DEFAULT_RATE_LIMITS, type RateLimits } from './limits.ts';
import type { Readiness } from './routes/health-routes.ts';
import { serveRoutes } from './serve-routes.ts';
import { SessionMode } from './session-mode.ts';

/** What the operator decides about HTTP. */
export interface HttpConfig {
  /** Where clients reach the service, without a slash at the end. */
  readonly publicUrl: string;
  /**
   * Proxies in front whose `X-Forwarded-For` is believed: how many (`1`), or their addresses and networks, separated by commas
   * (`loopback, 10.0.0.0/8`). `null` believes nobody.
   */
  readonly trustProxy: string | null;
  /** Whose pages may call the API, such as `https://app.example.org`. */
  readonly corsOrigins: readonly string[];
  /** Overrides the defaults, class by class. */
  readonly rateLimits: { readonly [Limited in keyof RateLimits]?: RateLimits[Limited] | undefined };
  /** Whether somebody without an account may submit a case. */
  readonly anonymousCases: boolean;
  /** The key that cursors are signed with, 32 octets. */
  readonly cursorKey: Uint8Array;
  /** Of the service, for its description. */
  readonly version: string;
}

/** What the HTTP adapter stands on. */
export interface HttpDependencies {
  readonly app: Application;
  readonly config: HttpConfig;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly readiness: Readiness;
  readonly metrics?: Registry | undefined;
}

/** The API as an Express app. While its setting `draining` is on, `/health/ready` says so. */
export function createHttpApp({ app, config, logger, metrics, readiness }: HttpDependencies): Express {
  const { corsOrigins, publicUrl, version } = config;
  const routes = apiRoutes({
    app,
    version,
    readiness,
    cursors: new Cursors(config.cursorKey),
    sessionMode: new SessionMode([new URL(publicUrl).origin, ...corsOrigins]),
    isDraining: () => served.enabled('draining'),
  });
  const limits = { ...DEFAULT_RATE_LIMITS, ...withoutUndefined(config.rateLimits) };
  const served: Express = serveRoutes(routes, {
    kernel: {
      verifyToken: (token) => app.access.authenticate.execute({ token }),
      verifyEnrolment: (token) => app.access.authenticateEnrolment.execute({ token }),
      limiters: createLimiters(limits),
      anonymousAllowed: config.anonymousCases,
    },
    publicUrl,
    trustProxy: config.trustProxy,
    corsOrigins,
    logger,
    metrics,
  });
  return served;
}

const withoutUndefined = (limits: HttpConfig['rateLimits']): Partial<RateLimits> =>
  Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
