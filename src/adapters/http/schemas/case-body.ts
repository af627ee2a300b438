import { z } from 'zod';
import {
  type Case,
  CASE_AUTHOR_ROLES,
  CASE_FLAGS,
  CASE_MESSAGE_KINDS,
  CASE_PRIORITIES,
  CASE_SOURCES,
  CASE_STATES,
  type CaseMessage,
  type QueuedCase,
} from '../../../domain/cases/case.ts';
import { CASE_ACTOR_ROLES, CASE_EVENT_TYPES } from '../../../domain/cases/case-event.ts';
import type { CaseReason, CaseView } from '../../../domain/cases/case-view.ts';
import { Timestamp } from './timestamp.ts';

const CaseMessageBody = z
  .object({
    id: z.uuid(),
    kind: z.enum(CASE_MESSAGE_KINDS),
    authorRole: z.enum(CASE_AUTHOR_ROLES),
    text: z.string(),
    at: Timestamp,
  })
  .meta({ id: 'CaseMessage' });

const CaseReasonBody = z
  .object({
    eventId: z.uuid(),
    type: z.enum(CASE_EVENT_TYPES),
    actorRole: z.enum(CASE_ACTOR_ROLES),
    text: z.string(),
    at: Timestamp,
  })
  .meta({ id: 'CaseReason' });

/** A case; its text is in it for those who may read it. */
export const CaseBody = z
  .object({
    id: z.uuid(),
    state: z.enum(CASE_STATES),
    version: z.int().min(1),
    language: z.string(),
    priority: z.enum(CASE_PRIORITIES),
    specialty: z.string().nullable(),
    patientId: z.uuid().nullable(),
    physicianId: z.uuid().nullable(),
    pool: z.string().nullable(),
    tenantId: z.uuid(),
    vendorId: z.string().nullable(),
    flags: z.array(z.enum(CASE_FLAGS)),
    dueAt: Timestamp,
    createdAt: Timestamp,
    updatedAt: Timestamp,
    source: z.enum(CASE_SOURCES),
    legacyStatus: z
      .string()
      .nullable()
      .optional()
      .meta({ description: 'Of a legacy case: how the legacy service calls its state' }),
    question: z.string().optional(),
    answer: z.string().nullable().optional().meta({ description: 'The latest one' }),
    messages: z.array(CaseMessageBody).optional().meta({ description: 'Oldest first' }),
    reasons: z
      .array(CaseReasonBody)
      .optional()
      .meta({ description: 'Oldest first; for a patient those by which his case ended' }),
    waitingSeconds: z.int().min(0).optional().meta({ description: 'In the queue only: since submission' }),
  })
  .meta({ id: 'Case' });

/** How a case is sent without its text. */
export const caseBody = (given: Case): z.input<typeof CaseBody> => ({
  id: given.id,
  state: given.state,
  version: given.version,
  language: given.language,
  priority: given.priority,
  specialty: given.specialty,
  patientId: given.patientId,
  physicianId: given.physicianId,
  pool: given.pool,
  tenantId: given.tenantId,
  vendorId: given.vendorId,
  flags: [...given.flags],
  dueAt: given.dueAt.toISOString(),
  createdAt: given.createdAt.toISOString(),
  updatedAt: given.updatedAt.toISOString(),
  ...(given.state === 'legacy'
    ? { source: 'legacy', legacyStatus: given.legacyStatus }
    : { source: 'casegate' }),
});

/** How a case is sent that waits in the queue. */
export const queuedCaseBody = (given: QueuedCase, now: Date): z.input<typeof CaseBody> => ({
  ...caseBody(given),
  waitingSeconds: Math.max(0, Math.floor((now.getTime() - given.createdAt.getTime()) / 1000)),
});

const messageBody = ({ at, ...message }: CaseMessage): z.input<typeof CaseMessageBody> => ({
  ...message,
  at: at.toISOString(),
});

const reasonBody = ({ at, ...reason }: CaseReason): z.input<typeof CaseReasonBody> => ({
  ...reason,
  at: at.toISOString(),
});

/** How a case is sent to one reader: with its text where he may read it. */
export const caseViewBody = ({ case: seen, conversation }: CaseView): z.input<typeof CaseBody> => ({
  ...caseBody(seen),
  ...(conversation && {
    question: conversation.question,
    answer: conversation.answer,
    messages: conversation.messages.map(messageBody),
    reasons: conversation.reasons.map(reasonBody),
  }),
});
