import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { aPhysician, type PhysicianPerson } from '../../support/a-physician.ts';
import type { CaseAnswer } from '../../support/api-bodies.ts';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { type CaseDesk, caseDesk } from '../../support/case-desk.ts';
import { caseInState } from '../../support/case-in-state.ts';
import { REACHED_STATES, type ReachedState } from '../../support/case-ways.ts';
import { problemOf } from '../../support/problem-of.ts';

type Actor = 'patient' | 'physician' | 'colleague' | 'admin';

/** Who may do what in which state, and what comes of it. */
const RULES: readonly {
  readonly verb: string;
  readonly as: Actor;
  readonly from: Partial<Record<ReachedState, ReachedState>>;
}[] = [
  { verb: 'claim', as: 'colleague', from: { queued: 'assigned' } },
  { verb: 'assign', as: 'admin', from: { queued: 'assigned' } },
  {
    verb: 'reassign',
    as: 'admin',
    from: { assigned: 'assigned', in_review: 'assigned', info_requested: 'assigned' },
  },
  { verb: 'start', as: 'physician', from: { assigned: 'in_review' } },
  { verb: 'release', as: 'physician', from: { assigned: 'queued', in_review: 'queued' } },
  { verb: 'release', as: 'admin', from: { assigned: 'queued', in_review: 'queued' } },
  { verb: 'ask-info', as: 'physician', from: { in_review: 'info_requested' } },
  { verb: 'reply', as: 'patient', from: { info_requested: 'in_review' } },
  { verb: 'answer', as: 'physician', from: { in_review: 'answered' } },
  { verb: 'amend', as: 'physician', from: { answered: 'answered' } },
  { verb: 'follow-up', as: 'patient', from: { answered: 'in_review' } },
  { verb: 'decline', as: 'physician', from: { assigned: 'declined', in_review: 'declined' } },
  {
    verb: 'cancel',
    as: 'patient',
    from: { queued: 'cancelled', assigned: 'cancelled', info_requested: 'cancelled' },
  },
  {
    verb: 'cancel',
    as: 'admin',
    from: {
      queued: 'cancelled',
      assigned: 'cancelled',
      in_review: 'cancelled',
      info_requested: 'cancelled',
    },
  },
  { verb: 'close', as: 'patient', from: { answered: 'closed' } },
  {
    verb: 'void',
    as: 'admin',
    from: {
      ...{ queued: 'void', assigned: 'void', in_review: 'void', info_requested: 'void', answered: 'void' },
      ...{ closed: 'void', declined: 'void', cancelled: 'void', expired: 'void' },
    },
  },
];

/** Where somebody does not see the case that he acts on: 404 whatever the act. */
const UNSEEN: Readonly<Record<Actor, readonly ReachedState[]>> = {
  patient: ['void'],
  physician: ['declined', 'cancelled', 'expired', 'void'],
  colleague: ['void'],
  admin: [],
};

/** Each verb, and the roles that it is not for. */
const WRONG_ROLES: Readonly<Record<string, readonly ('patient' | 'physician' | 'admin')[]>> = {
  claim: ['patient', 'admin'],
  start: ['patient', 'admin'],
  'ask-info': ['patient', 'admin'],
  answer: ['patient', 'admin'],
  amend: ['patient', 'admin'],
  decline: ['patient', 'admin'],
  release: ['patient'],
  assign: ['patient', 'physician'],
  reassign: ['patient', 'physician'],
  reply: ['physician', 'admin'],
  'follow-up': ['physician', 'admin'],
  close: ['physician', 'admin'],
  cancel: ['physician'],
  void: ['patient', 'physician'],
};

describe('POST /cases/{id}/…', () => {
  let api: Api;
  let desk: CaseDesk;
  let people: Readonly<Record<'patient' | 'admin', Person>> &
    Readonly<Record<'physician' | 'colleague', PhysicianPerson>>;
  before(async () => {
    api = await startApi();
    desk = caseDesk(api);
    const admin = await api.member('admin');
    people = {
      patient: await api.patient(),
      physician: await aPhysician(api, { admin, maxOpenCases: 1000 }),
      colleague: await aPhysician(api, { admin, maxOpenCases: 1000 }),
      admin,
    };
  });
  after(() => api.stop());

  const inState = (state: ReachedState): Promise<CaseAnswer> => caseInState(api, desk, people, state);
  /** What the verb needs beside its texts. */
  const bodyOf = (verb: string): object =>
    verb.endsWith('assign') ? { physicianId: people.colleague.physician.id } : {};
  const attempt = (verb: string, as: Person, { id }: CaseAnswer, body = {}) =>
    desk.attempt(verb, id, as, { ...bodyOf(verb), ...body });

  describe('200 where it goes with the state', () => {
    for (const { as, from, verb } of RULES) {
      for (const [state, then] of Object.entries(from) as [ReachedState, ReachedState][]) {
        it(`${verb} by the ${as}: ${state} → ${then}`, async () => {
          const before = await inState(state);
          const answer = await attempt(verb, people[as], before);
          expect(answer.status, answer.text).to.equal(200);
          const after = await desk.read(before.id, people.admin);
          expect(after).to.include({ state: then, version: before.version + 1 });
          const hasAssignee = ['assigned', 'in_review', 'info_requested', 'answered', 'closed'].includes(
            then,
          );
          expect(after.physicianId !== null).to.equal(hasAssignee);
        });
      }
    }
  });

  describe('409 or 404 where it does not', () => {
    for (const state of REACHED_STATES) {
      it(`${state}: nothing is done`, async () => {
        const before = await inState(state);
        for (const { as, from, verb } of RULES) {
          if (from[state]) continue;
          const answer = await attempt(verb, people[as], before);
          const isTaken = verb === 'claim' && ['assigned', 'in_review', 'info_requested'].includes(state);
          const code = isTaken ? 'cases.conflict' : 'cases.not-allowed-in-state';
          const [status, expected] = UNSEEN[as].includes(state)
            ? ([404, 'request.not-found'] as const)
            : ([409, code] as const);
          expect(`${String(answer.status)} ${answer.body.code}`, `${verb} by the ${as}`).to.equal(
            `${String(status)} ${expected}`,
          );
        }
        expect(await desk.read(before.id, people.admin)).to.deep.equal(before);
      });
    }
  });

  describe('404 for whoever does not see the case', () => {
    for (const state of ['queued', 'assigned', 'info_requested', 'answered'] as const) {
      it(state, async () => {
        const { slug } = await api.tenant();
        const strangers = {
          patient: [await api.patient(), await api.patient(slug)],
          physician: [await aPhysician(api, { tenant: slug })],
          // A case in the queue is seen by every physician who could take it.
          colleague: state === 'queued' ? [] : [people.colleague],
          admin: [await api.member('admin', slug)],
        };
        const before = await inState(state);
        for (const { as, verb } of RULES) {
          for (const stranger of [...strangers[as], ...(as === 'physician' ? strangers.colleague : [])]) {
            if (verb === 'claim' && stranger === people.colleague) continue;
            problemOf(await attempt(verb, stranger, before), 404, 'request.not-found');
          }
        }
        expect(await desk.read(before.id, people.admin)).to.deep.equal(before);
      });
    }

    it('for what never was, and for what is no id', async () => {
      for (const { as, verb } of RULES) {
        for (const id of [randomUUID(), 'me']) {
          const answer = await desk.attempt(verb, id, people[as], bodyOf(verb));
          problemOf(answer, 404, 'request.not-found');
        }
      }
    });
  });

  describe('403 for other roles, whatever the case and the body are', () => {
    for (const [verb, roles] of Object.entries(WRONG_ROLES)) {
      it(verb, async () => {
        const { id } = await desk.submit(people.patient);
        for (const role of roles) {
          for (const [caseId, body] of [
            [id, bodyOf(verb)],
            [randomUUID(), { version: 'none' }],
          ] as const) {
            await desk.refused(403, 'access.forbidden', verb, caseId, people[role], body);
          }
        }
        problemOf(await desk.attempt(verb, id, undefined, bodyOf(verb)), 401, 'access.unauthenticated');
      });
    }
  });

  describe('the version', () => {
    it('409 cases.conflict where it is not that of the case, and 200 where it is', async () => {
      for (const { as, from, verb } of RULES) {
        const before = await inState(Object.keys(from)[0] as ReachedState);
        for (const version of [before.version + 1, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
          problemOf(await attempt(verb, people[as], before, { version }), 409, 'cases.conflict');
        }
        const answer = await attempt(verb, people[as], before, { version: before.version });
        expect(answer.status, verb).to.equal(200);
      }
    });

    it('422 where it is no whole number from 1', async () => {
      const { id } = await desk.submit(people.patient);
      for (const version of [0, -1, 1.5, '1', null, [1], 1e300]) {
        const answer = await desk.attempt('cancel', id, people.patient, { version });
        const { errors } = problemOf(answer, 422, 'request.invalid');
        expect(
          errors?.map(({ pointer }) => pointer),
          String(version),
        ).to.deep.equal(['/version']);
      }
    });

    it('lets one through of many who decided on the same', async () => {
      for (const verb of ['answer', 'ask-info', 'release', 'decline']) {
        const before = await inState('in_review');
        const { version } = before;
        const answers = await Promise.all(
          Array.from({ length: 8 }, () => attempt(verb, people.physician, before, { version })),
        );
        const codes = answers.map(({ body, status }) => (status === 200 ? 'done' : body.code)).sort();
        const lost = codes.filter((code) => code !== 'done');
        expect(lost, verb).to.have.length(7);
        // Whoever comes late may find the case gone from his hands altogether.
        for (const code of lost) {
          expect(code).to.be.oneOf(['cases.conflict', 'request.not-found']);
        }
        const { version: then } = await desk.read(before.id, people.admin);
        expect(then).to.equal(version + 1);
      }
    });
  });

  describe('the body', () => {
    it('may be missing, without a type, where no field is needed', async () => {
      const { id } = await inState('queued');
      const bare = (verb: string, as: Person, headers = {}) =>
        api.get('case', 200, `POST /cases/${id}/${verb}`, { as, headers });
      await bare('claim', people.physician);
      await bare('release', people.physician, { 'Content-Type': 'text/plain' });
      await bare('claim', people.physician);
      await bare('start', people.physician);
      await desk.act('answer', id, people.physician);
      await bare('close', people.patient);
    });

    it('422 where a field is missing, of another type, or not known', async () => {
      const { id } = await desk.submit(people.patient);
      const [text, physicianId] = ['x', randomUUID()];
      const bodies: readonly (readonly [string, Actor, object | undefined, readonly string[]])[] = [
        ['claim', 'physician', { physicianId }, ['/physicianId']],
        ['start', 'physician', { reason: text }, ['/reason']],
        ['close', 'patient', { message: text }, ['/message']],
        ['release', 'physician', { reason: null }, ['/reason']],
        ['release', 'physician', { reason: 'x\0' }, ['/reason']],
        ['decline', 'physician', {}, ['/reason']],
        ['decline', 'physician', undefined, ['']],
        ['cancel', 'patient', { reason: 7 }, ['/reason']],
        ['void', 'admin', {}, ['/reason']],
        ['ask-info', 'physician', { answer: text }, ['/message', '/answer']],
        ['reply', 'patient', {}, ['/message']],
        ['reply', 'patient', { message: 'x\0' }, ['/message']],
        ['follow-up', 'patient', { message: [text] }, ['/message']],
        ['answer', 'physician', { message: text }, ['/answer', '/message']],
        ['amend', 'physician', {}, ['/answer']],
        ['assign', 'admin', {}, ['/physicianId', '/reason']],
        ['assign', 'admin', { physicianId: 'me', reason: text }, ['/physicianId']],
        ['reassign', 'admin', { physicianId }, ['/reason']],
      ];
      for (const [verb, as, body, pointers] of bodies) {
        const sent = { as: people[as], ...(body && { body }) };
        const answer = await api.send('problem', `POST /cases/${id}/${verb}`, sent);
        const { errors } = problemOf(answer, 422, 'request.invalid');
        expect(
          errors?.map(({ pointer }) => pointer),
          verb,
        ).to.have.members([...pointers]);
      }
    });

    it('415 where it is of another type, 400 where it is no object', async () => {
      const { id } = await desk.submit(people.patient);
      const send = (octets: string, type: string) =>
        api.send('problem', `POST /cases/${id}/claim`, {
          as: people.physician,
          octets,
          headers: { 'Content-Type': type },
        });
      problemOf(await send('version=1', 'text/plain'), 415, 'request.unsupported-media-type');
      problemOf(await send('[]', 'application/json'), 422, 'request.invalid');
      problemOf(await send('null', 'application/json'), 400, 'request.malformed-json');
    });
  });

  describe('the text', () => {
    const withText = {
      'ask-info': '/message',
      reply: '/message',
      'follow-up': '/message',
      answer: '/answer',
    };
    const stateOf = { 'ask-info': 'in_review', reply: 'info_requested', answer: 'in_review' } as const;

    it('422 cases.text-rejected, at the field, where it is blank or too long, whatever the case', async () => {
      const fields = { ...withText, amend: '/answer' };
      for (const [verb, pointer] of Object.entries(fields)) {
        const { as, from } = RULES.find((rule) => rule.verb === verb)!;
        const before = await inState(Object.keys(from)[0] as ReachedState);
        const field = pointer.slice(1);
        const unseen = await desk.attempt(verb, randomUUID(), people[as], { [field]: ' ' });
        problemOf(unseen, 422, 'cases.text-rejected');
        for (const text of ['', ' \t\n\u3000', 'x'.repeat(20_001)]) {
          const answer = await attempt(verb, people[as], before, { [field]: text });
          const { errors } = problemOf(answer, 422, 'cases.text-rejected');
          expect(
            errors?.map((error) => error.pointer),
            verb,
          ).to.deep.equal([pointer]);
        }
        expect(await desk.read(before.id, people.admin)).to.deep.equal(before);
      }
    });

    it('200 comes back as it was sent', async () => {
      for (const [verb, state] of Object.entries(stateOf)) {
        const pointer = withText[verb as keyof typeof stateOf];
        for (const text of ['שָׁלוֹם 👩‍⚕️ e\u0301 \ufeff', '心'.repeat(20_000)]) {
          const before = await inState(state);
          const person = people[RULES.find((rule) => rule.verb === verb)!.as];
          const after = await desk.act(verb, before.id, person, { [pointer.slice(1)]: text });
          expect(after.messages?.at(-1)?.text).to.equal(text);
        }
      }
    });

    it('422 cases.reason-rejected, at the field, where the reason is blank or too long, whatever the case', async () => {
      for (const verb of ['release', 'decline', 'cancel', 'void', 'assign', 'reassign']) {
        const { as, from } = RULES.find((rule) => rule.verb === verb)!;
        const before = await inState(Object.keys(from)[0] as ReachedState);
        const unseen = await desk.attempt(verb, randomUUID(), people[as], { ...bodyOf(verb), reason: '' });
        problemOf(unseen, 422, 'cases.reason-rejected');
        for (const reason of ['', ' \t\n', 'x'.repeat(1001)]) {
          const answer = await attempt(verb, people[as], before, { reason });
          const { errors } = problemOf(answer, 422, 'cases.reason-rejected');
          expect(
            errors?.map(({ pointer }) => pointer),
            verb,
          ).to.deep.equal(['/reason']);
        }
        const longest = await attempt(verb, people[as], before, { reason: '🫀'.repeat(1000) });
        expect(longest.status, verb).to.equal(200);
      }
    });
  });
});
