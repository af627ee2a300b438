import type { Case, CaseMessage } from './case.ts';

/** The texts of a case, for those who may read them. */
export interface Conversation {
  readonly question: string;
  /** The latest answer; `null` while there is none. */
  readonly answer: string | null;
  /** Oldest first. */
  readonly messages: readonly CaseMessage[];
}

/** A case as one reader sees it. */
export interface CaseView {
  readonly case: Case;
  /** `null` for whoever may see the case, but not read it. */
  readonly conversation: Conversation | null;
}

/** The conversation that the texts of a case make. */
export function conversationOf(messages: readonly CaseMessage[]): Conversation {
  const answers = messages.filter(({ kind }) => kind === 'answer' || kind === 'amendment');
  return {
    question: messages.find(({ kind }) => kind === 'question')?.text ?? '',
    answer: answers.at(-1)?.text ?? null,
    messages,
  };
}
