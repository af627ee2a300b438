import { setTimeout } from 'node:timers/promises';

/**
 * Waits until `condition` holds, for ten seconds at most unless told.
 *
 * @throws {Error} with the condition, where it does not hold in time
 */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Not within ${limitMs} ms: ${condition.toString()}`);
    await setTimeout(20);
  }
}
