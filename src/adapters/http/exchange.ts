import type { ServerResponse } from 'node:http';
import type { FieldPointers } from './route.ts';

/** What is known of a request while it is answered. */
export interface Exchange {
  /** Made here, never taken from the client. */
  readonly requestId: string;
  /** `performance.now()` when it was begun. */
  readonly startedAt: number;
  /** The pattern of the route, `unmatched` where none is. */
  route: string;
  /** The fields that refusals of its use case are about. */
  pointers: FieldPointers;
  /** Whom the request counts against; empty until that is known. */
  countedAgainst: string;
}

const exchanges = new WeakMap<ServerResponse, Exchange>();

/** Keeps what is known of the request that `res` answers, for as long as the answer lives. */
export function keepExchange(res: ServerResponse, exchange: Exchange): void {
  exchanges.set(res, exchange);
}

/** What is known of the request that `res` answers. */
export function exchangeOf(res: ServerResponse): Exchange {
  const exchange = exchanges.get(res);
  if (!exchange) throw new Error('the exchange was not begun');
  return exchange;
}
