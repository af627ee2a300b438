import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { exchangeOf, keepExchange } from './exchange.ts';
import type { HeaderField } from './security-headers.ts';

/** How an exchange ended. */
export interface EndedExchange {
  readonly requestId: string;
  readonly method: string;
  /** The pattern of the route, `unmatched` where none is. */
  readonly route: string;
  /** 499 where the client went away before an answer was begun. */
  readonly status: number;
  readonly durationMs: number;
}

/** Is told of each exchange when it is over, however it ended. */
export type ExchangeObserver = (ended: EndedExchange) => void;

const CLIENT_GONE = 499;

/**
 * What comes before anything else: the request gets its id, the answer its constant headers, the observers their notice of the
 * end.
 */
export function beginExchange(headers: readonly HeaderField[], observers: readonly ExchangeObserver[]) {
  function endExchange(this: ServerResponse): void {
    const { requestId, route, startedAt } = exchangeOf(this);
    const { method = '' } = this.req;
    const status = this.headersSent ? this.statusCode : CLIENT_GONE;
    const ended = { requestId, method, route, status, durationMs: performance.now() - startedAt };
    for (const observe of observers) observe(ended);
  }
  return (res: ServerResponse): void => {
    const requestId = randomUUID();
    keepExchange(res, {
      requestId,
      startedAt: performance.now(),
      route: 'unmatched',
      pointers: {},
      countedAgainst: '',
    });
    res.on('close', endExchange);
    for (const [name, value] of headers) res.setHeader(name, value);
    res.setHeader('X-Request-Id', requestId);
  };
}
