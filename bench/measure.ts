import autocannon from 'autocannon';
import type { Child } from './child.ts';

/** A request that is sent again and again. */
export interface Load {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came of it. */
export interface Measurement {
  readonly requestsPerSecond: number;
  /** Requests a second of processor time of the measured process: steadier than the former where the load shares the cores. */
  readonly requestsPerCpuSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const CONNECTIONS = 10;

/** Loads a process over 10 connections. An answer that is not 2xx spoils the measurement, so it ends it. */
export async function measure(child: Child, load: Load, seconds: number): Promise<Measurement> {
  const before = child.cpuSeconds();
  const result = await autocannon({ ...load, connections: CONNECTIONS, duration: seconds });
  const cpu = child.cpuSeconds() - before;
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(
      `${load.url}: ${String(result.non2xx)} answers were not 2xx, ${String(result.errors)} failed`,
    );
  }
  return {
    requestsPerSecond: result['2xx'] / seconds,
    requestsPerCpuSecond: result['2xx'] / cpu,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}
