import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { OUTCOME_MAX_LENGTH } from '../../../domain/cases/break-glass.ts';
import { REASON_MAX_LENGTH } from '../../../domain/shared/reason.ts';
import type { Cursors } from '../cursors.ts';
import { found } from '../found.ts';
import { route, type Route } from '../route.ts';
import { GrantBody, grantBody, GrantViewBody, grantViewBody } from '../schemas/grant-body.ts';
import { IdParams } from '../schemas/id-params.ts';
import { pageBody } from '../schemas/page-body.ts';
import { PagingQuery } from '../schemas/paging-query.ts';

const breakGlass = (app: Application): Route =>
  route({
    method: 'post',
    path: '/cases/:id/break-glass',
    summary:
      'Read the text of a case for an hour, outside of your role; every admin is told, and it is reviewed',
    access: 'cases.break-glass',
    limit: 'authenticated',
    idempotent: true,
    input: {
      params: IdParams,
      body: z.strictObject({
        reason: z.string().meta({ description: `Why, in 1 to ${REASON_MAX_LENGTH} code points` }),
      }),
    },
    responses: { 201: z.object({ grant: GrantBody }) },
    problems: ['cases.not-allowed-in-state', 'cases.reason-rejected'],
    pointers: { 'cases.reason-rejected': '/reason' },
    handle: async ({ actor, params, body, idempotency }) => {
      const command = { actor, caseId: params.id, ...body, idempotency };
      const grant = found(await app.cases.breakGlass.execute(command));
      return { status: 201, body: { grant: grantBody(grant) } };
    },
  });

const listGrants = (app: Application, cursors: Cursors): Route =>
  route({
    method: 'get',
    path: '/break-glass',
    summary: 'List the leaves to read cases outside of a role, newest first',
    access: 'cases.review-break-glass',
    limit: 'authenticated',
    input: { query: PagingQuery },
    responses: { 200: pageBody(GrantViewBody) },
    handle: async ({ actor, query }) => {
      const scope = { route: '/break-glass', tenantId: actor.tenantId };
      const page = await app.cases.listGrants.execute({ actor, page: cursors.pageOf(scope, query) });
      return {
        status: 200,
        body: { items: page.items.map(grantViewBody), nextCursor: cursors.nextOf(scope, page) },
      };
    },
  });

const reviewGrant = (app: Application): Route =>
  route({
    method: 'post',
    path: '/break-glass/:id/review',
    summary: "Review a colleague's leave to read a case; your own only where nobody else can",
    access: 'cases.review-break-glass',
    limit: 'authenticated',
    input: {
      params: IdParams,
      body: z.strictObject({
        outcome: z.string().meta({
          description: `What it came to, in 1 to ${OUTCOME_MAX_LENGTH} code points`,
          examples: ['justified'],
        }),
        note: z.string().meta({ description: `In 1 to ${REASON_MAX_LENGTH} code points` }),
      }),
    },
    responses: { 200: z.object({ grant: GrantViewBody }) },
    problems: ['cases.grant-reviewed', 'cases.outcome-rejected', 'cases.reason-rejected'],
    pointers: { 'cases.outcome-rejected': '/outcome', 'cases.reason-rejected': '/note' },
    handle: async ({ actor, params, body }) => {
      const command = { actor, grantId: params.id, ...body };
      const grant = found(await app.cases.reviewGrant.execute(command));
      return { status: 200, body: { grant: grantViewBody(grant) } };
    },
  });

/** `/cases/{id}/break-glass`, `/break-glass`: reading a case outside of one's role, and who answers for it. */
export const breakGlassRoutes = (app: Application, cursors: Cursors): readonly Route[] => [
  breakGlass(app),
  listGrants(app, cursors),
  reviewGrant(app),
];
