import { type Logger, pino } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** What the service tells its operator: JSON lines on standard output, and figures for Prometheus. */
export interface Observation {
  readonly logger: Logger;
  readonly metrics: Registry;
}

/**
 * Starts logging and counting.
 *
 * @param level pino's name of the lowest level that is written
 */
export function observe(level: string): Observation {
  const logger = pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  return { logger, metrics };
}
