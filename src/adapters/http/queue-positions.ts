import { CASE_PRIORITIES } from '../../domain/cases/case.ts';
import type { QueuePosition } from '../../application/ports/stores/case-store.ts';
import type { PositionFormat } from './cursors.ts';

const POSITION = /^([a-z]+)\.(\d{1,16})\.(\d{1,16})\.([0-9a-f-]{36})$/;

/** How places in the queue are written into its cursors. */
export const queuePositions: PositionFormat<QueuePosition> = {
  write: ({ createdAt, dueAt, id, priority }) =>
    [priority, dueAt.getTime(), createdAt.getTime(), id].join('.'),
  read: (text) => {
    const [, name, due, created, id] = POSITION.exec(text) ?? [];
    const priority = CASE_PRIORITIES.find((known) => known === name);
    if (priority === undefined || due === undefined || created === undefined || id === undefined) return null;
    return { priority, dueAt: new Date(Number(due)), createdAt: new Date(Number(created)), id };
  },
};
