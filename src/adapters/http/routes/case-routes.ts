import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { CASE_PRIORITIES, CASE_SOURCES, CASE_STATES } from '../../../domain/cases/case.ts';
import type { Cursors } from '../cursors.ts';
import { found } from '../found.ts';
import { route, type Route } from '../route.ts';
import { CaseBody, caseBody, caseViewBody } from '../schemas/case-body.ts';
import { IdParams } from '../schemas/id-params.ts';
import { LanguageTag } from '../schemas/language-tag.ts';
import { pageBody } from '../schemas/page-body.ts';
import { PagingQuery } from '../schemas/paging-query.ts';

const Submission = z.strictObject({
  language: LanguageTag,
  question: z.string().meta({ description: '1 to 20,000 code points' }),
  priority: z.enum(CASE_PRIORITIES).optional(),
  specialty: z.string().min(1).max(100).optional(),
  vendorId: z.string().min(1).max(100).optional(),
});

const CasesQuery = PagingQuery.extend({
  state: z.enum(CASE_STATES).optional(),
  language: LanguageTag.optional(),
  source: z.enum(CASE_SOURCES).optional(),
});

const submitCase = (app: Application): Route =>
  route({
    method: 'post',
    path: '/cases',
    summary: 'Submit a case, signed in or (where it is allowed) anonymously',
    access: 'cases.submit',
    limit: 'anonymous',
    input: { body: Submission },
    responses: {
      201: z.object({
        case: CaseBody,
        receipt: z.string().optional().meta({ description: 'For an anonymous case: shown this once' }),
      }),
    },
    problems: ['cases.language-rejected', 'cases.text-rejected', 'request.unavailable'],
    pointers: { 'cases.language-rejected': '/language', 'cases.text-rejected': '/question' },
    handle: async ({ actor, body }) => {
      const { view, receipt } = await app.cases.submitCase.execute({ actor, ...body });
      return {
        status: 201,
        body: { case: caseViewBody(view), ...(receipt !== null && { receipt }) },
        headers: { Location: `/cases/${view.case.id}` },
      };
    },
  });

const listCases = (app: Application, cursors: Cursors): Route =>
  route({
    method: 'get',
    path: '/cases',
    summary: 'List the cases that you may see, newest first',
    access: 'cases.read',
    limit: 'authenticated',
    input: { query: CasesQuery },
    responses: { 200: pageBody(CaseBody) },
    handle: async ({ actor, query }) => {
      const scope = { route: '/cases', tenantId: actor.tenantId };
      const request = cursors.pageOf(scope, query);
      if (query.source === 'legacy') return { status: 200, body: { items: [], nextCursor: null } };
      const filter = { state: query.state ?? null, language: query.language ?? null };
      const page = await app.cases.listCases.execute({ actor, filter, page: request });
      return {
        status: 200,
        body: { items: page.items.map(caseBody), nextCursor: cursors.nextOf(scope, page) },
      };
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

/** `/cases`: asking for a second opinion. */
export const caseRoutes = (app: Application, cursors: Cursors): readonly Route[] => [
  submitCase(app),
  listCases(app, cursors),
  readCase(app),
];
