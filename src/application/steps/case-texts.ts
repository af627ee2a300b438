import type { SystemActor, UserActor } from '../../domain/access/actor.ts';
import type { AuditDetails } from '../../domain/audit/audit-entry.ts';
import type { Case, CaseAuthorRole, CaseMessageKind } from '../../domain/cases/case.ts';
import { type Conversation, conversationOf, isForPatients } from '../../domain/cases/case-view.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { SealedText, TextCipher } from '../ports/security/text-cipher.ts';
import type { SealedMessage, SealedReason } from '../ports/stores/case-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Stores } from '../ports/unit-of-work.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import { messagePlace } from './message-place.ts';
import { reasonPlace } from './reason-place.ts';

/** A text that somebody adds to the conversation about a case. */
export interface WrittenMessage {
  readonly kind: CaseMessageKind;
  readonly authorRole: CaseAuthorRole;
  readonly authorId: UserId | null;
  readonly text: string;
}

/** Seals a text of a case, before the unit of work that keeps it. */
export async function sealMessage(
  { idGenerator, textCipher }: { readonly idGenerator: IdGenerator; readonly textCipher: TextCipher },
  { id: caseId, tenantId }: Pick<Case, 'id' | 'tenantId'>,
  { kind, authorRole, authorId, text }: WrittenMessage,
  at: Date,
): Promise<SealedMessage> {
  const id = idGenerator.next();
  const body = await textCipher.seal(messagePlace(tenantId, id), text);
  return { id, caseId, kind, authorRole, authorId, body, at };
}

/** Seals the reason of an event of a case. */
export const sealReason = (
  textCipher: TextCipher,
  { tenantId }: Pick<Case, 'tenantId'>,
  eventId: string,
  reason: string,
): Promise<SealedText> => textCipher.seal(reasonPlace(tenantId, eventId), reason);

/** What reading the text of a case needs. */
export interface CaseReading {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly textCipher: TextCipher;
}

/** The texts of a case as they were read, still sealed. */
export interface SealedTexts {
  readonly messages: readonly SealedMessage[];
  readonly reasons: readonly SealedReason[];
}

/**
 * Says in the audit trail of the case's tenant that somebody reads its text; within the unit of work that reads it.
 *
 * @param details what gave the right, where the reader's role does not
 */
export async function auditReading(
  { clock, idGenerator }: CaseReading,
  { audit }: Pick<Stores, 'audit'>,
  reader: UserActor | SystemActor,
  { id, tenantId }: Case,
  details?: AuditDetails,
): Promise<void> {
  const act = { action: 'cases.text-read', subject: { type: 'case', id }, ...(details && { details }) };
  await audit.add(auditEntryOf(idGenerator, { ...reader, tenantId }, act, clock.now()));
}

/**
 * Reads the texts of a case for somebody who may, with the audit entry that says so; within a unit of work on the case's tenant. A
 * patient gets the reasons by which his case ended, others all of them.
 *
 * @param details what gave the right, where the reader's role does not
 */
export async function readTexts(
  reading: CaseReading,
  stores: Pick<Stores, 'cases' | 'audit'>,
  reader: UserActor | SystemActor,
  found: Case,
  details?: AuditDetails,
): Promise<SealedTexts> {
  await auditReading(reading, stores, reader, found, details);
  const { id } = found;
  const { cases } = stores;
  const messages = await cases.listMessages(id);
  const reasons = await cases.listReasons(id);
  const isPatient = reader.kind === 'user' && reader.role === 'patient';
  return { messages, reasons: isPatient ? reasons.filter(isForPatients) : reasons };
}

/** Opens the texts of a case, after the unit of work that has read them. */
export async function openTexts(
  textCipher: TextCipher,
  { tenantId }: Case,
  { messages, reasons }: SealedTexts,
): Promise<Conversation> {
  const opened = await Promise.all(
    messages.map(async ({ id, kind, authorRole, body, at }) => {
      const text = await textCipher.open(messagePlace(tenantId, id), body);
      return { id, kind, authorRole, text, at };
    }),
  );
  const why = await Promise.all(
    reasons.map(async ({ eventId, type, actorRole, body, at }) => {
      const text = await textCipher.open(reasonPlace(tenantId, eventId), body);
      return { eventId, type, actorRole, text, at };
    }),
  );
  return conversationOf(opened, why);
}
