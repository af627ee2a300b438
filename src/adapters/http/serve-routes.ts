import express, { type Express, type Request, type RequestHandler, type Response, Router } from 'express';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { allowOrigins } from './allow-origins.ts';
import { beginExchange } from './begin-exchange.ts';
import { exchangeOf } from './exchange.ts';
import { failureReport } from './failure-report.ts';
import { logExchange } from './log-exchange.ts';
import { measureExchange } from './measure-exchange.ts';
import { problemOf } from './problems/problem-of.ts';
import { refuseAmbiguous } from './refuse-ambiguous.ts';
import { RequestRefused } from './request-refused.ts';
import type { Route } from './route.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { sendProblem } from './send-problem.ts';
import { ReplyMismatch } from './reply-mismatch.ts';
import { type RouteKernel, serveRoute } from './serve-route.ts';

/** What serving a list of routes needs. */
export interface ServingOptions {
  readonly kernel: RouteKernel;
  /** Where the service is reached, without a slash at the end: problems link there. */
  readonly publicUrl: string;
  /** Proxies in front whose `X-Forwarded-For` is believed: how many, or addresses and networks separated by commas; `null` is none. */
  readonly trustProxy: string | null;
  /** Whose pages may call the API, such as `https://app.example.org`. */
  readonly corsOrigins: readonly string[];
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly metrics?: Registry | undefined;
}

/** An Express app that serves `routes` and refuses everything else with a problem. */
export function serveRoutes(routes: readonly Route[], options: ServingOptions): Express {
  const { corsOrigins, kernel, logger, metrics, publicUrl, trustProxy } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', proxiesOf(trustProxy));

  const begin = beginExchange(SECURITY_HEADERS, [
    logExchange(logger),
    ...(metrics ? [measureExchange(metrics)] : []),
  ]);
  const router = routerOf(routes, kernel, corsOrigins);
  const refuse = refuseWith(publicUrl, logger);
  const serve: RequestHandler = (req, res) => {
    begin(res);
    router(req, res, (error?: unknown) => {
      if (error === undefined && isServerWideOptions(req)) res.writeHead(204).end();
      else refuse(error ?? new RequestRefused('request.not-found'), req, res);
    });
  };
  app.use(serve);
  return app;
}

/** `OPTIONS *` asks for the service as a whole (RFC 9110, section 9.3.7). */
const isServerWideOptions = (req: Request): boolean => req.method === 'OPTIONS' && req.url === '*';

/** @throws {TypeError} from Express, where the text names no addresses */
const proxiesOf = (trustProxy: string | null): boolean | number | string => {
  if (trustProxy === null || trustProxy === 'false') return false;
  return trustProxy === 'true' || (/^\d+$/.test(trustProxy) ? Number(trustProxy) : trustProxy);
};

function routerOf(routes: readonly Route[], kernel: RouteKernel, corsOrigins: readonly string[]): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(refuseAmbiguous);
  if (corsOrigins.length > 0) router.use(allowOrigins(corsOrigins));
  for (const [path, onPath] of routesByPath(routes)) {
    const served = router.route(path);
    for (const route of onPath) served[route.method](serveRoute(route, kernel));
    served.all(refuseMethod(path, onPath));
  }
  return router;
}

/** Paths in the order in which they were declared: of two that match, the first counts. */
function routesByPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  return Map.groupBy(routes, (route) => route.path);
}

/** Answers OPTIONS, and refuses every method that has no route (RFC 9110, sections 9.3.7 and 15.5.6). */
function refuseMethod(path: string, onPath: readonly Route[]): RequestHandler {
  const methods = onPath.flatMap(({ method }) =>
    method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
  );
  const allow = [...methods, 'OPTIONS'].join(', ');
  return (req, res) => {
    exchangeOf(res).route = path;
    if (req.method !== 'OPTIONS') {
      throw new RequestRefused('request.method-not-allowed', { headers: { Allow: allow } });
    }
    res.setHeader('Allow', allow);
    res.statusCode = 204;
    res.end();
  };
}

/** Everything that was thrown ends here. */
function refuseWith(publicUrl: string, logger: Pick<Logger, 'error'>) {
  return (error: unknown, req: Request, res: Response): void => {
    const { pointers, requestId, route } = exchangeOf(res);
    const problem = problemOf(error, pointers);
    if (problem.unexpected) {
      const message = error instanceof ReplyMismatch ? error.message : 'request failed';
      logger.error({ requestId, route, failure: failureReport(error) }, message);
    }
    sendProblem(req, res, problem, publicUrl);
  };
}
