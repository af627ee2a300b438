import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import type { UserActor } from '../../../domain/access/actor.ts';
import { authorize } from '../../../domain/access/policy.ts';
import { CASE_PRIORITIES, CASE_SOURCES, CASE_STATES } from '../../../domain/cases/case.ts';
import { VENDOR_ID_MAX_LENGTH } from '../../../domain/shared/vendor-id.ts';
import type { Cursors } from '../cursors.ts';
import { found } from '../found.ts';
import { queuePositions } from '../queue-positions.ts';
import { RequestRefused } from '../request-refused.ts';
import { route, type Route } from '../route.ts';
import { CaseBody, caseBody, caseViewBody, queuedCaseBody } from '../schemas/case-body.ts';
import { CaseEventBody, caseEventBody } from '../schemas/case-event-body.ts';
import { IdParams } from '../schemas/id-params.ts';
import { LanguageTag } from '../schemas/language-tag.ts';
import { pageBody } from '../schemas/page-body.ts';
import { PagingQuery } from '../schemas/paging-query.ts';

const Submission = z.strictObject({
  language: LanguageTag,
  question: z.string().meta({ description: '1 to 20,000 code points' }),
  priority: z.enum(CASE_PRIORITIES).optional(),
  specialty: z.string().min(1).max(100).optional(),
  vendorId: z.string().min(1).max(VENDOR_ID_MAX_LENGTH).optional(),
});

const NOT_IN_QUEUE = 'Must be left out for the queue, or be what all in it have.';

const CasesQuery = PagingQuery.extend({
  view: z
    .enum(['queue'])
    .optional()
    .meta({ description: 'The cases that wait for a physician, in the order in which they are to be taken' }),
  state: z.enum(CASE_STATES).optional(),
  language: LanguageTag.optional(),
  source: z.enum(CASE_SOURCES).optional(),
});
type CasesQuery = z.output<typeof CasesQuery>;

const submitCase = (app: Application): Route =>
  route({
    method: 'post',
    path: '/cases',
    summary: 'Submit a case, signed in or (where it is allowed) anonymously',
    access: 'cases.submit',
    limit: 'anonymous',
    idempotent: true,
    input: { body: Submission },
    responses: {
      201: z.object({
        case: CaseBody,
        receipt: z
          .string()
          .optional()
          .meta({ description: 'For an anonymous case: told to its sender only' }),
      }),
    },
    problems: [
      'cases.language-rejected',
      'cases.submission-hidden',
      'cases.text-rejected',
      'request.unavailable',
    ],
    pointers: { 'cases.language-rejected': '/language', 'cases.text-rejected': '/question' },
    handle: async ({ actor, body, idempotency }) => {
      const { view, receipt } = await app.cases.submitCase.execute({ actor, ...body, idempotency });
      return {
        status: 201,
        body: { case: caseViewBody(view), ...(receipt !== null && { receipt }) },
        headers: { Location: `/cases/${view.case.id}` },
      };
    },
  });

/** @throws {RequestRefused} where cases are asked for that no queue has */
function refuseElsewhere({ source, state }: CasesQuery): void {
  const errors = [
    ...(state === undefined || state === 'queued' ? [] : [{ pointer: '/state', detail: NOT_IN_QUEUE }]),
    ...(source === 'legacy' ? [{ pointer: '/source', detail: NOT_IN_QUEUE }] : []),
  ];
  if (errors.length > 0) throw new RequestRefused('request.invalid', { errors });
}

/** The queue, page by page; its cursors do not count for the list of cases, nor the other way round. */
async function queuePage(app: Application, cursors: Cursors, actor: UserActor, query: CasesQuery) {
  // The queue is not for every role that may list cases: that comes before what else was asked for.
  authorize(actor, 'cases.queue');
  refuseElsewhere(query);
  const scope = { route: '/cases?view=queue', tenantId: actor.tenantId };
  const { at, items, next } = await app.cases.listQueue.execute({
    actor,
    filter: { language: query.language ?? null },
    limit: query.limit,
    after: cursors.read(scope, queuePositions, query.cursor),
  });
  return {
    items: items.map((item) => queuedCaseBody(item, at)),
    nextCursor: cursors.make(scope, queuePositions, next),
  };
}

async function casesPage(app: Application, cursors: Cursors, actor: UserActor, query: CasesQuery) {
  const scope = { route: '/cases', tenantId: actor.tenantId };
  const request = cursors.pageOf(scope, query);
  const { language = null, source = null, state = null } = query;
  const filter = { language, source, state };
  const page = await app.cases.listCases.execute({ actor, filter, page: request });
  return { items: page.items.map(caseBody), nextCursor: cursors.nextOf(scope, page) };
}

const listCases = (app: Application, cursors: Cursors): Route =>
  route({
    method: 'get',
    path: '/cases',
    summary: 'List the cases that you may see, newest first, or the queue that you may take from',
    access: 'cases.read',
    limit: 'authenticated',
    input: { query: CasesQuery },
    responses: { 200: pageBody(CaseBody) },
    handle: async ({ actor, query }) => {
      const pageOf = query.view === 'queue' ? queuePage : casesPage;
      return { status: 200, body: await pageOf(app, cursors, actor, query) };
    },
  });

const readCase = (app: Application): Route =>
  route({
    method: 'get',
    path: '/cases/:id',
    summary: 'Read a case; with its text for its patient and its physician',
    access: 'cases.read',
    limit: 'authenticated',
    input: { params: IdParams },
    responses: { 200: z.object({ case: CaseBody }) },
    handle: async ({ actor, params }) => {
      const view = found(await app.cases.getCase.execute({ actor, caseId: params.id }));
      return { status: 200, body: { case: caseViewBody(view) } };
    },
  });

const listEvents = (app: Application, cursors: Cursors): Route =>
  route({
    method: 'get',
    path: '/cases/:id/events',
    summary: 'List what happened to a case, newest first, without any text',
    access: 'cases.read',
    limit: 'authenticated',
    input: { params: IdParams, query: PagingQuery },
    responses: { 200: pageBody(CaseEventBody) },
    handle: async ({ actor, params, query }) => {
      const scope = { route: `/cases/${params.id}/events`, tenantId: actor.tenantId };
      const command = { actor, caseId: params.id, page: cursors.pageOf(scope, query) };
      const page = found(await app.cases.listCaseEvents.execute(command));
      return {
        status: 200,
        body: { items: page.items.map(caseEventBody), nextCursor: cursors.nextOf(scope, page) },
      };
    },
  });

/** `/cases`: asking for a second opinion, and seeing what becomes of it. */
export const caseRoutes = (app: Application, cursors: Cursors): readonly Route[] => [
  submitCase(app),
  listCases(app, cursors),
  readCase(app),
  listEvents(app, cursors),
];
