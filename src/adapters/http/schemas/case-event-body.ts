import { z } from 'zod';
import { CASE_STATES } from '../../../domain/cases/case.ts';
import { CASE_ACTOR_ROLES, CASE_EVENT_TYPES, type CaseEvent } from '../../../domain/cases/case-event.ts';
import { Timestamp } from './timestamp.ts';

/** What happened to a case, without text. */
export const CaseEventBody = z
  .object({
    id: z.uuid(),
    type: z.enum(CASE_EVENT_TYPES),
    from: z.enum(CASE_STATES).nullable().meta({ description: '`null` for the first' }),
    to: z.enum(CASE_STATES),
    version: z.int().min(1).meta({ description: 'Of the case after it' }),
    actorId: z.uuid().nullable(),
    actorRole: z.enum(CASE_ACTOR_ROLES),
    at: Timestamp,
  })
  .meta({ id: 'CaseEvent' });

/** How an event of a case is sent. */
export const caseEventBody = (event: CaseEvent): z.input<typeof CaseEventBody> => ({
  id: event.id,
  type: event.type,
  from: event.from,
  to: event.to,
  version: event.version,
  actorId: event.actorId,
  actorRole: event.actorRole,
  at: event.at.toISOString(),
});
