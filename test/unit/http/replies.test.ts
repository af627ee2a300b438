import { expect } from 'chai';
import { z } from 'zod';
import { StepUpRequired, Unavailable } from '../../../src/domain/access/errors.ts';
import { PasswordRejected } from '../../../src/domain/identity/errors.ts';
import { DomainError } from '../../../src/domain/shared/domain-error.ts';
import { type Reply, route, type Route } from '../../../src/adapters/http/route.ts';
import { problemOfResponse } from './support/problem-of-response.ts';
import { PUBLIC_URL, startKernel, stopKernels } from './support/start-kernel.ts';

const CANARY = 'c4n4ry';

/** A route whose handler answers whatever it likes: what the types forbid, a bug may do. */
const answering = (handle: () => unknown): Route => ({
  ...route({
    method: 'get',
    path: '/thing',
    summary: 'Read',
    access: 'public',
    limit: 'none',
    responses: { 200: z.object({ id: z.string(), inner: z.object({ a: z.int() }).optional() }), 204: null },
    pointers: { 'identity.password-rejected': '/password' },
    handle: () => ({ status: 204 }),
  }),
  handle: () => handle() as Reply,
});

describe('What a handler answers', () => {
  afterEach(stopKernels);

  it('leaves as the schema of its status says: unknown keys are dropped, at every level', async () => {
    const body = { id: 'x', passwordHash: CANARY, inner: { a: 1, secret: CANARY } };
    const { url } = await startKernel([answering(() => ({ status: 200, body }))]);
    expect(await (await fetch(`${url}/thing`)).json()).to.deep.equal({ id: 'x', inner: { a: 1 } });
  });

  for (const [what, reply] of [
    ['lacks a field', { status: 200, body: { inner: { a: 1 } } }],
    ['has a field of another type', { status: 200, body: { id: CANARY, inner: { a: CANARY } } }],
    ['is missing', { status: 200 }],
    ['has a status that is not declared', { status: 201, body: { id: CANARY } }],
  ] as const) {
    it(`never leaves when it ${what}: that is a bug, and logged as one`, async () => {
      const { url, log } = await startKernel([answering(() => reply)]);
      const response = await fetch(`${url}/thing`);
      const problem = await problemOfResponse(response);
      expect(problem.code).to.equal('request.internal');
      expect(problem).to.not.have.property('detail');
      const line = log.find(({ level }) => level === 50);
      expect(line).to.include({ requestId: problem.requestId, route: '/thing' });
      expect(line?.['msg']).to.match(/^get \/thing answered 20\d in another shape than declared/);
      expect(JSON.stringify([problem, log])).to.not.contain(CANARY);
    });
  }

  it('may be nothing', async () => {
    const { url } = await startKernel([answering(() => ({ status: 204 }))]);
    const response = await fetch(`${url}/thing`);
    expect(response.status).to.equal(204);
    expect(response.headers.get('content-type')).to.equal(null);
  });
});

describe('What a handler throws', () => {
  afterEach(stopKernels);

  it('is a problem of the catalogue where it is a refusal, linked to the documentation', async () => {
    const { url, log } = await startKernel([
      answering(() => {
        throw new PasswordRejected('too-short', 8);
      }),
    ]);
    const problem = await problemOfResponse(await fetch(`${url}/thing`));
    expect(problem).to.include({
      type: `${PUBLIC_URL}/docs/problems#identity.password-rejected`,
      title: 'Password rejected',
      status: 422,
      code: 'identity.password-rejected',
      detail: 'The password is too short: use at least 8 characters.',
    });
    expect(problem.errors).to.deep.equal([
      { pointer: '/password', detail: 'The password is too short: use at least 8 characters.' },
    ]);
    expect(log.filter(({ level }) => level !== 30)).to.deep.equal([]);
  });

  it('says when to come back where it is temporary', async () => {
    const { url } = await startKernel([
      answering(() => {
        throw new Unavailable(7);
      }),
    ]);
    const response = await fetch(`${url}/thing`);
    expect((await problemOfResponse(response)).code).to.equal('request.unavailable');
    expect(response.headers.get('retry-after')).to.equal('7');
  });

  it('says what proof it asks for where a recent one is needed (RFC 9470)', async () => {
    const { url } = await startKernel([
      answering(() => {
        throw new StepUpRequired();
      }),
    ]);
    const response = await fetch(`${url}/thing`);
    expect((await problemOfResponse(response)).code).to.equal('access.step-up-required');
    expect(response.status).to.equal(403);
    expect(response.headers.get('www-authenticate')).to.equal(
      'Bearer error="insufficient_user_authentication", max_age=300',
    );
  });

  it('tells nothing where it is a bug, and logs where it happened without what it says', async () => {
    const cause = Object.assign(
      new Error(`Key (email)=(${CANARY}) already exists\n    at ${CANARY} (file:1:1)`),
      {
        code: '23505',
        detail: CANARY,
      },
    );
    const { url, log } = await startKernel([
      answering(() => {
        throw new Error(`no luck with ${CANARY}`, { cause });
      }),
    ]);
    const problem = await problemOfResponse(await fetch(`${url}/thing`));
    expect(problem.code).to.equal('request.internal');
    const failure = log.find(({ level }) => level === 50)?.['failure'] as {
      error: string;
      stack: string[];
      cause: { code: string; stack: string[] };
    };
    expect(failure.error).to.equal('Error');
    expect(failure.stack[0]).to.contain('replies.test.ts');
    expect(failure.cause.code).to.equal('23505');
    expect(failure.cause.stack[0]).to.contain('replies.test.ts');
    expect(JSON.stringify([problem, log])).to.not.contain(CANARY);
  });

  it('is a bug where it is a refusal that the catalogue does not know', async () => {
    class Strange extends DomainError {
      readonly code = 'strange.thing';
    }
    const { url } = await startKernel([
      answering(() => {
        throw new Strange(CANARY);
      }),
    ]);
    const response = await fetch(`${url}/thing`);
    expect(await response.clone().text()).to.not.contain(CANARY);
    expect((await problemOfResponse(response)).code).to.equal('request.internal');
  });

  it('is a bug where it is no error at all', async () => {
    const nothing: { readonly then: (resolve: unknown, reject: (reason: unknown) => void) => void } = {
      then: (_resolve, reject) => reject(CANARY),
    };
    const { url, log } = await startKernel([answering(() => nothing)]);
    expect((await problemOfResponse(await fetch(`${url}/thing`))).code).to.equal('request.internal');
    expect(JSON.stringify(log)).to.not.contain(CANARY);
  });
});
