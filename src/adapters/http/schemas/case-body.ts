import { z } from 'zod';
import type { Case, CaseMessage } from '../../../domain/cases/case.ts';
import { CASE_PRIORITIES, CASE_SOURCES, CASE_STATES } from '../../../domain/cases/case.ts';
import type { CaseView } from '../../../domain/cases/case-view.ts';
import { Timestamp } from './timestamp.ts';

const CaseMessageBody = z
  .object({
    id: z.uuid(),
    kind: z.enum(['question', 'info-request', 'reply', 'answer', 'amendment', 'follow-up']),
    authorRole: z.enum(['patient', 'physician', 'anonymous']),
    text: z.string(),
    at: Timestamp,
  })
  .meta({ id: 'CaseMessage' });

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
    flags: z.array(z.string()),
    dueAt: Timestamp,
    createdAt: Timestamp,
    updatedAt: Timestamp,
    source: z.enum(CASE_SOURCES),
    question: z.string().optional(),
    answer: z.string().nullable().optional().meta({ description: 'The latest one' }),
    messages: z.array(CaseMessageBody).optional(),
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
  source: given.state === 'legacy' ? 'legacy' : 'casegate',
});

const messageBody = ({ at, ...message }: CaseMessage): z.input<typeof CaseMessageBody> => ({
  ...message,
  at: at.toISOString(),
});

/** How a case is sent to one reader: with its text where he may read it. */
export const caseViewBody = ({ case: seen, conversation }: CaseView): z.input<typeof CaseBody> => ({
  ...caseBody(seen),
  ...(conversation && {
    question: conversation.question,
    answer: conversation.answer,
    messages: conversation.messages.map(messageBody),
  }),
});
