import type { QueuePage, QueueRequest } from '../../../application/ports/stores/case-store.ts';
import type { Case, QueuedCase } from '../../../domain/cases/case.ts';
import { queueOrder } from '../../../domain/cases/queue-order.ts';

const isQueued = (row: Case): row is QueuedCase => row.state === 'queued';

/** The page of the queue, out of cases in whatever order and state, that is asked for. */
export function queuePage(rows: readonly Case[], { after, filter, limit }: QueueRequest): QueuePage {
  const rest = rows
    .filter(isQueued)
    .filter(({ language }) => filter.language === null || language === filter.language)
    .filter((row) => after === null || queueOrder(after, row) < 0)
    .sort(queueOrder);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  if (rest.length <= limit || !last) return { items, next: null };
  const { priority, dueAt, createdAt, id } = last;
  return { items, next: { priority, dueAt, createdAt, id } };
}
