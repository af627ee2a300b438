import type { Logger } from 'pino';
import type { ExchangeObserver } from './begin-exchange.ts';

/**
 * Writes one line a request, when it is over. Nothing personal is in it: the pattern of the route instead of the address that was
 * asked for, no headers, no device.
 */
export const logExchange =
  (logger: Pick<Logger, 'info'>): ExchangeObserver =>
  ({ requestId, method, route, status, durationMs }) =>
    logger.info(
      { requestId, method, route, status, durationMs: Math.round(durationMs * 10) / 10 },
      'request',
    );
