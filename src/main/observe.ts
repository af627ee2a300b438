import { type Logger, type LoggerOptions, pino } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** What the service tells its operator: JSON lines on standard output, and figures for Prometheus. */
export interface Observation {
  readonly logger: Logger;
  readonly metrics: Registry;
}

/** Lines are written together, off the path of requests, at the latest after 100 ms; pino writes the rest when the process ends. */
const OUTPUT = { fd: 1, sync: false, minLength: 4096, periodicFlush: 100 } as const;

/**
 * Starts logging and counting.
 *
 * @param level pino's name of the lowest level that is written
 */
export function observe(level: string): Observation {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  const logger = pino(options, pino.destination(OUTPUT));
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  return { logger, metrics };
}
