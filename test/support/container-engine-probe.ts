import { parentPort } from 'node:worker_threads';
import { getContainerRuntimeClient } from 'testcontainers';

// Runs as a worker: a socket that accepts and never answers would otherwise keep the test run alive.
try {
  await getContainerRuntimeClient();
  parentPort?.postMessage(true);
} catch {
  parentPort?.postMessage(false);
}
