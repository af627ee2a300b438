import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again, and resolves when it holds; rejects where it does not within so many milliseconds. */
export async function within(limitMs: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It does not hold after ${limitMs} ms.`);
    await delay(10);
  }
}
