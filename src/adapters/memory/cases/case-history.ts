import type { SealedMessage, SealedReason } from '../../../application/ports/stores/case-store.ts';
import type { CaseEvent } from '../../../domain/cases/case-event.ts';
import type { CaseId } from '../../../domain/shared/ids.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type { ReadonlyMemoryTables } from '../memory-tables.ts';

/** The conversation of a case, oldest first. */
export const messagesOf = (tables: ReadonlyMemoryTables, id: CaseId): readonly SealedMessage[] =>
  [...tables.caseMessages.values()]
    .filter((message) => message.caseId === id)
    .sort((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1));

/** The reasons that were given in the life of a case, oldest first. */
export const reasonsOf = (tables: ReadonlyMemoryTables, id: CaseId): readonly SealedReason[] =>
  eventsOf(tables, id).flatMap(({ id: eventId, type, actorRole, at }) => {
    const reason = tables.caseReasons.get(eventId);
    return reason ? [{ eventId, type, actorRole, body: reason.body, at }] : [];
  });

/** What happened to a case, newest first: by version, which is the order of time also where clocks differ. */
export function eventPage(
  tables: ReadonlyMemoryTables,
  id: CaseId,
  { after, limit }: PageRequest,
): Page<CaseEvent> {
  const newest = [...eventsOf(tables, id)].reverse();
  const from = after === null ? 0 : newest.findIndex((event) => event.id === after.id) + 1;
  const rest = after !== null && from === 0 ? [] : newest.slice(from);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rest.length > limit && last ? { createdAt: last.at, id: last.id } : null };
}

const eventsOf = (tables: ReadonlyMemoryTables, id: CaseId): readonly CaseEvent[] =>
  [...tables.caseEvents.values()]
    .filter((event) => event.caseId === id)
    .sort((a, b) => a.version - b.version);
