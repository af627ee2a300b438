import { setTimeout } from 'node:timers/promises';

/**
 * Does something again and again, until it is aborted; resolves after the last time.
 *
 * @param task gives the milliseconds until the next time, and never rejects
 */
export async function repeat(task: () => Promise<number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const ms = await task();
    await setTimeout(ms, undefined, { signal }).catch(() => undefined);
  }
}
