import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

/** Whether a container engine answers, asked as Testcontainers asks; one that takes more than `limitMs` milliseconds does not count. */
export async function hasContainerEngine(limitMs = 3_000): Promise<boolean> {
  const worker = new Worker(new URL('container-engine-probe.ts', import.meta.url), {
    stdout: true,
    stderr: true,
  });
  const answered = once(worker, 'message').then(
    ([ready]) => ready === true,
    () => false,
  );
  try {
    return await Promise.race([answered, setTimeout(limitMs, false, { ref: false })]);
  } finally {
    await worker.terminate();
  }
}
