import cors from 'cors';
import type { RequestHandler } from 'express';

/**
 * Lets the pages of the listed origins call the API (Fetch standard, CORS); those of any other get no header that would. Answers to
 * pre-flight requests are ended by the route they are for.
 */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const allow = cors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Session-Mode'],
    exposedHeaders: ['X-Request-Id', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'Location'],
    credentials: true,
    maxAge: 600,
    preflightContinue: true,
  });
  const listed = new Set(origins);
  return (req, res, next) => {
    res.setHeader('Vary', 'Origin');
    if (req.headers.origin !== undefined && listed.has(req.headers.origin)) allow(req, res, next);
    else next();
  };
}
