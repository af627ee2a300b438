import { availableParallelism } from 'node:os';

/**
 * Threads that hash passwords: as many as there are cores. More would wait for memory bandwidth, and sign-ins would crowd out
 * every other job of the pool.
 */
export const HASHING_THREADS = Math.max(2, availableParallelism());

/** Sizes Node's thread pool. Called before anything else is imported, since the pool is made when it is first used. */
export function sizeThreadPool(): void {
  process.env['UV_THREADPOOL_SIZE'] ??= String(HASHING_THREADS);
}
