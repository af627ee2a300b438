import { expect } from 'chai';
import type { CaseAnswer, CaseEventAnswer } from './api-bodies.ts';
import type { Answer, Api, Person } from './api.ts';
import { everyPage } from './every-page.ts';
import { problemOf } from './problem-of.ts';

/** What every question of these tests is. */
export const QUESTION = 'Should the valve be replaced?';

/** Verbs whose bodies must say something, and what they say unless a test does. */
const BODIES: Readonly<Record<string, object>> = {
  'ask-info': { message: 'Since when?' },
  reply: { message: 'Since May.' },
  answer: { answer: 'Not yet.' },
  amend: { answer: 'Not yet; in a year.' },
  'follow-up': { message: 'And if it gets worse?' },
  decline: { reason: 'Not my field.' },
  cancel: { reason: 'It has got better.' },
  void: { reason: 'Sent twice.' },
  assign: { reason: 'It waits.' },
  reassign: { reason: 'It waits.' },
};

/** Cases, as clients of the API work on them. */
export interface CaseDesk {
  /** A new case, in English; without a sender it is anonymous. */
  readonly submit: (as?: Person, given?: object) => Promise<CaseAnswer>;
  /** An act with the body that it needs, and what is given; whatever comes of it. */
  readonly attempt: (verb: string, id: string, as?: Person, body?: object) => Promise<Answer<'problem'>>;
  /** The same, where it must be done. */
  readonly act: (verb: string, id: string, as: Person, body?: object) => Promise<CaseAnswer>;
  /** The same, where it must be refused so. */
  readonly refused: (
    status: number,
    code: string,
    ...act: readonly [verb: string, id: string, as: Person, body?: object]
  ) => Promise<void>;
  readonly read: (id: string, as: Person) => Promise<CaseAnswer>;
  /** Whether somebody sees the case. */
  readonly sees: (id: string, as: Person) => Promise<boolean>;
  /** Newest first. */
  readonly events: (id: string, as: Person) => Promise<readonly CaseEventAnswer[]>;
  /** The queue, whole; `query` begins with `&`. */
  readonly queue: (as: Person, query?: string) => Promise<readonly CaseAnswer[]>;
}

/** Works on the cases of the service. */
export function caseDesk(api: Api): CaseDesk {
  const attempt: CaseDesk['attempt'] = (verb, id, as, body = {}) =>
    api.send('problem', `POST /cases/${id}/${verb}`, { as, body: { ...BODIES[verb], ...body } });
  return {
    attempt,
    submit: async (as, given = {}) => {
      const body = { language: 'en', question: QUESTION, ...given };
      return (await api.get('case', 201, 'POST /cases', { as, body })).case;
    },
    act: async (verb, id, as, body = {}) => {
      const sent = { as, body: { ...BODIES[verb], ...body } };
      return (await api.get('case', 200, `POST /cases/${id}/${verb}`, sent)).case;
    },
    refused: async (status, code, ...act) => {
      problemOf(await attempt(...act), status, code);
    },
    read: async (id, as) => (await api.get('case', 200, `GET /cases/${id}`, { as })).case,
    sees: async (id, as) => {
      const { status } = await api.send('problem', `GET /cases/${id}`, { as });
      expect(status).to.be.oneOf([200, 404]);
      return status === 200;
    },
    events: (id, as) =>
      everyPage((cursor) => api.get('caseEvents', 200, `GET /cases/${id}/events?limit=100${cursor}`, { as })),
    queue: (as, query = '') =>
      everyPage((cursor) =>
        api.get('cases', 200, `GET /cases?view=queue&limit=100${query}${cursor}`, { as }),
      ),
  };
}
