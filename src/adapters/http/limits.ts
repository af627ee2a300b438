import type { Request, Response } from 'express';
import { type AugmentedRequest, rateLimit } from 'express-rate-limit';
import { RateLimited } from '../../domain/access/errors.ts';
import { exchangeOf } from './exchange.ts';
import type { LimitClass } from './route.ts';

/** The classes that are limited. */
export type LimitedClass = Exclude<LimitClass, 'none'>;

/** How many requests one account or address may send in a window. */
export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** The limits of all classes. */
export type RateLimits = Readonly<Record<LimitedClass, RateLimit>>;

/** Requests a minute where nothing else is configured. */
export const DEFAULT_RATE_LIMITS: RateLimits = {
  credentials: { limit: 120, windowSeconds: 60 },
  anonymous: { limit: 600, windowSeconds: 60 },
  authenticated: { limit: 1800, windowSeconds: 60 },
  ai: { limit: 60, windowSeconds: 60 },
};

/**
 * Counts a request against its exchange's `countedAgainst`, and tells the client what is left (`RateLimit` and `RateLimit-Policy`,
 * draft-ietf-httpapi-ratelimit-headers-08).
 *
 * @throws {RateLimited} where nothing is left
 */
export type Limiter = (req: Request, res: Response) => Promise<void>;

/** One limiter a class: the routes of a class share their limit. Counts are kept in the memory of the process. */
export function createLimiters(limits: RateLimits): ReadonlyMap<LimitClass, Limiter> {
  const classes = Object.keys(limits) as LimitedClass[];
  return new Map(classes.map((limited) => [limited, createLimiter(limited, limits[limited])]));
}

function createLimiter(limited: LimitedClass, { limit, windowSeconds }: RateLimit): Limiter {
  const policy = `"${limited}"; q=${limit}; w=${windowSeconds}`;
  const count = rateLimit({
    limit,
    windowMs: windowSeconds * 1000,
    // Its own headers name the key by a hash, and hashing costs more than counting does.
    standardHeaders: false,
    legacyHeaders: false,
    // The checks are for keys and proxies that are configured by hand, and cost every request.
    validate: false,
    keyGenerator: (_req, res) => exchangeOf(res).countedAgainst,
    handler: (req, res, next) => next(new RateLimited(tell(req, res))),
  });

  /** @returns seconds until the window ends, at least 1 */
  function tell(req: Request, res: Response): number {
    const { remaining, resetTime } = (req as AugmentedRequest)['rateLimit'] ?? {};
    const left = resetTime ? Math.ceil((resetTime.getTime() - Date.now()) / 1000) : windowSeconds;
    const seconds = Math.max(1, left);
    res.setHeader('RateLimit', `"${limited}"; r=${remaining ?? 0}; t=${seconds}`);
    res.setHeader('RateLimit-Policy', policy);
    return seconds;
  }

  return (req, res) =>
    new Promise((resolve, reject) => {
      void count(req, res, (refusal?: unknown) => {
        if (refusal !== undefined) {
          return reject(refusal instanceof Error ? refusal : new Error('the limiter has failed'));
        }
        tell(req, res);
        return resolve();
      });
    });
}
