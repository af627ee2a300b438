import { expect } from 'chai';
import type { CaseMessage, CaseMessageKind } from '../../../../src/domain/cases/case.ts';
import { conversationOf } from '../../../../src/domain/cases/case-view.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { NOW } from '../../../support/builders.ts';

const conversation = (...kinds: readonly CaseMessageKind[]): readonly CaseMessage[] =>
  kinds.map((kind, index) => ({
    id: `message-${index}`,
    kind,
    authorRole:
      kind === 'answer' || kind === 'amendment' || kind === 'info-request' ? 'physician' : 'patient',
    text: `${kind} ${index}`,
    at: addSeconds(NOW, index),
  }));

describe('The conversation about a case', () => {
  it('has a question and no answer in the beginning', () => {
    const messages = conversation('question');
    expect(conversationOf(messages)).to.deep.equal({
      question: 'question 0',
      answer: null,
      messages,
      reasons: [],
    });
  });

  it('has the answer that was given, beside what was asked and replied', () => {
    const messages = conversation('question', 'info-request', 'reply', 'answer');
    expect(conversationOf(messages)).to.deep.equal({
      question: 'question 0',
      answer: 'answer 3',
      messages,
      reasons: [],
    });
  });

  it('shows the latest of answers and amendments', () => {
    expect(conversationOf(conversation('question', 'answer', 'amendment')).answer).to.equal('amendment 2');
    expect(
      conversationOf(conversation('question', 'answer', 'amendment', 'follow-up', 'answer')).answer,
    ).to.equal('answer 4');
  });

  it('keeps the first question where a follow-up asks again', () => {
    expect(conversationOf(conversation('question', 'answer', 'follow-up')).question).to.equal('question 0');
  });

  it('is empty where there is no text', () => {
    expect(conversationOf([])).to.deep.equal({ question: '', answer: null, messages: [], reasons: [] });
  });
});
