import { type Case, CASE_PRIORITIES } from './case.ts';

/** What decides the place of a case in the queue. */
export type Queued = Pick<Case, 'priority' | 'dueAt' | 'createdAt' | 'id'>;

/** The order of the queue: asap before urgent before routine, then due time, then submission, then id. */
export const queueOrder = (a: Queued, b: Queued): number =>
  CASE_PRIORITIES.indexOf(a.priority) - CASE_PRIORITIES.indexOf(b.priority) ||
  a.dueAt.getTime() - b.dueAt.getTime() ||
  a.createdAt.getTime() - b.createdAt.getTime() ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
