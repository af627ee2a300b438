import type { EnqueueJob } from '../../src/adapters/postgres/enqueue-job.ts';

/** Lets go of jobs, where a test has no workers. */
export const ignoreJobs: EnqueueJob = () => Promise.resolve();
