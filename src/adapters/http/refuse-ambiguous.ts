import type { RequestHandler } from 'express';
import { countHeader } from './count-header.ts';
import { RequestRefused } from './request-refused.ts';

/** The most header fields of a request. */
export const HEADER_COUNT_MAX = 100;

/**
 * Refuses requests whose head may mean two things to two hops: HTTP/1.1 wants exactly one Host (RFC 9112, section 3.2), and what is
 * over the count of fields is not looked at by anybody.
 */
export const refuseAmbiguous: RequestHandler = (req, _res, next) => {
  if (req.rawHeaders.length > 2 * HEADER_COUNT_MAX) throw new RequestRefused('request.headers-too-large');
  const hosts = countHeader(req, 'host');
  if (hosts > 1 || (hosts === 0 && req.httpVersion !== '1.0')) {
    throw new RequestRefused('request.bad-request', { detail: 'The request must name exactly one Host.' });
  }
  next();
};
