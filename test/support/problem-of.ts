import { expect } from 'chai';
import type { ProblemAnswer } from './api-bodies.ts';
import type { Answer } from './api.ts';

/** The problem that an answer tells of, after a look at its status and code. */
export function problemOf(answer: Answer<'problem'>, status: number, code: string): ProblemAnswer {
  expect(`${String(answer.status)} ${answer.body.code}`, answer.text).to.equal(`${String(status)} ${code}`);
  return answer.body;
}
