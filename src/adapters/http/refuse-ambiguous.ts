import type { RequestHandler } from 'express';
import { countHeader } from './count-header.ts';
import { RequestRefused } from './request-refused.ts';

/** The most header fields of a request. */
export const HEADER_COUNT_MAX = 100;

/** A name, an IPv4 address or a bracketed IPv6 address, with a port or without (RFC 9110, section 7.2). */
const HOST = /^(?:[\w.~-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Refuses requests whose head may mean two things to two hops: HTTP/1.1 wants exactly one Host (RFC 9112, section 3.2), and what is
 * over the count of fields is not looked at by anybody.
 */
export const refuseAmbiguous: RequestHandler = (req, _res, next) => {
  if (req.rawHeaders.length > 2 * HEADER_COUNT_MAX) throw new RequestRefused('request.headers-too-large');
  const hosts = countHeader(req, 'host');
  if (
    hosts > 1 ||
    (hosts === 0 && req.httpVersion !== '1.0') ||
    (hosts === 1 && !HOST.test(req.headers.host ?? ''))
  ) {
    throw new RequestRefused('request.bad-request', { detail: 'The request must name exactly one Host.' });
  }
  next();
};
