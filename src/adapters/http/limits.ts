import { exchangeOf } from './exchange.ts';
import { rateLimit, type RateLimitRequestHandler, type Store } from 'express-rate-limit';
import { RateLimited } from '../../domain/access/errors.ts';
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

/** Where the counts of a class are kept; without it, in the memory of the process. */
export type RateLimitStore = (limited: LimitedClass) => Store;

/**
 * One limiter a class, with `RateLimit` and `RateLimit-Policy` on each answer (draft-ietf-httpapi-ratelimit-headers-08). A refusal
 * goes to `next` as {@link RateLimited}.
 */
export function createLimiters(
  limits: RateLimits,
  storeOf?: RateLimitStore,
): ReadonlyMap<LimitClass, RateLimitRequestHandler> {
  const classes = Object.keys(limits) as LimitedClass[];
  return new Map(classes.map((limited) => [limited, createLimiter(limited, limits[limited], storeOf)]));
}

function createLimiter(
  limited: LimitedClass,
  { limit, windowSeconds }: RateLimit,
  storeOf: RateLimitStore | undefined,
): RateLimitRequestHandler {
  return rateLimit({
    identifier: limited,
    limit,
    windowMs: windowSeconds * 1000,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // The checks are for keys and proxies that are configured by hand, and cost every request.
    validate: false,
    keyGenerator: (_req, res) => exchangeOf(res).countedAgainst,
    handler: (_req, res, next) =>
      next(new RateLimited(Number(res.getHeader('Retry-After') ?? windowSeconds))),
    ...(storeOf && { store: storeOf(limited) }),
  });
}
