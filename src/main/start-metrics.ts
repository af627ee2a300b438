import { createMetricsApp } from '../adapters/http/create-metrics-app.ts';
import { type HttpServer, startHttpServer } from '../adapters/http/start-http-server.ts';
import type { Config } from './config/config.ts';
import { listening } from './listening.ts';
import type { Observation } from './observe.ts';

/**
 * Serves metrics on their own port.
 *
 * @returns `null` where they are off
 * @throws {StartRefused} where the address cannot be listened on
 */
export async function startMetrics(
  { host, metricsPort, publicUrl }: Config,
  { logger, metrics }: Observation,
): Promise<HttpServer | null> {
  if (metricsPort === null) return null;
  const options = { host, port: metricsPort, publicUrl, logger };
  return listening('METRICS_PORT', startHttpServer(createMetricsApp(metrics), options));
}
