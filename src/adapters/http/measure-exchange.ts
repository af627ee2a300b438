import { Histogram, type Registry } from 'prom-client';
import type { ExchangeObserver } from './begin-exchange.ts';

/** Measures the duration of requests into `registry`, by method, route and status. */
export function measureExchange(registry: Registry): ExchangeObserver {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return ({ method, route, status, durationMs }) =>
    durations.observe({ method, route, status }, durationMs / 1000);
}
