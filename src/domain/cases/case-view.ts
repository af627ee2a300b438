import type { Case, CaseMessage, LegacyCase } from './case.ts';
import type { CaseActorRole, CaseEventType } from './case-event.ts';

/** Why somebody did something to a case; as confidential as its text. */
export interface CaseReason {
  readonly eventId: string;
  readonly type: CaseEventType;
  readonly actorRole: CaseActorRole;
  readonly text: string;
  readonly at: Date;
}

/** The texts of a case, for those who may read them. */
export interface Conversation {
  readonly question: string;
  /** The latest answer; `null` while there is none. */
  readonly answer: string | null;
  /** Oldest first. */
  readonly messages: readonly CaseMessage[];
  /** Oldest first; those that the reader is to know. */
  readonly reasons: readonly CaseReason[];
}

/** A case as one reader sees it. */
export interface CaseView {
  readonly case: Case;
  /** `null` for whoever may see the case, but not read it. */
  readonly conversation: Conversation | null;
}

/** The conversation that the texts of a case make. */
export function conversationOf(
  messages: readonly CaseMessage[],
  reasons: readonly CaseReason[] = [],
): Conversation {
  const answers = messages.filter(({ kind }) => kind === 'answer' || kind === 'amendment');
  return {
    question: messages.find(({ kind }) => kind === 'question')?.text ?? '',
    answer: answers.at(-1)?.text ?? null,
    messages,
    reasons,
  };
}

/**
 * The conversation about a legacy case: what was asked. Its message has the id of the case, which has no other.
 *
 * @param question as its row says it; `null` where it says nothing
 */
export const legacyConversation = (
  { createdAt: at, id }: LegacyCase,
  question: string | null,
): Conversation =>
  conversationOf(
    question === null || question === ''
      ? []
      : [{ id, kind: 'question', authorRole: 'patient', text: question, at }],
  );

/** The reasons that a patient is to know: those by which his case ended. The others are between physicians and admins. */
export const isForPatients = ({ type }: Pick<CaseReason, 'type'>): boolean =>
  type === 'declined' || type === 'cancelled';
