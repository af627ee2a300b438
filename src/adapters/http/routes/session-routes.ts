import type { Application } from '../../../application/application.ts';
import type { Cursors } from '../cursors.ts';
import { RequestRefused } from '../request-refused.ts';
import { route, type Route } from '../route.ts';
import { IdParams } from '../schemas/id-params.ts';
import { pageBody } from '../schemas/page-body.ts';
import { PagingQuery } from '../schemas/paging-query.ts';
import { SessionBody, sessionBody } from '../schemas/session-body.ts';

const listSessions = (app: Application, cursors: Cursors): Route =>
  route({
    method: 'get',
    path: '/auth/sessions',
    summary: 'List your own sessions, newest first',
    access: 'sessions.manage',
    limit: 'authenticated',
    input: { query: PagingQuery },
    responses: { 200: pageBody(SessionBody) },
    handle: async ({ actor, query }) => {
      const scope = { route: '/auth/sessions', tenantId: actor.tenantId };
      const page = await app.access.listSessions.execute({ actor, page: cursors.pageOf(scope, query) });
      return {
        status: 200,
        body: { items: page.items.map(sessionBody), nextCursor: cursors.nextOf(scope, page) },
      };
    },
  });

const endOthers = (app: Application): Route =>
  route({
    method: 'delete',
    path: '/auth/sessions',
    summary: 'End all of your sessions but this one',
    access: 'sessions.manage',
    limit: 'authenticated',
    responses: { 204: null },
    handle: async ({ actor }) => {
      await app.access.revokeOtherSessions.execute({ actor });
      return { status: 204 };
    },
  });

const endSession = (app: Application): Route =>
  route({
    method: 'delete',
    path: '/auth/sessions/:id',
    summary: 'End one of your sessions',
    access: 'sessions.manage',
    limit: 'authenticated',
    input: { params: IdParams },
    responses: { 204: null },
    handle: async ({ actor, params }) => {
      const ended = await app.access.revokeSession.execute({ actor, sessionId: params.id });
      if (!ended) throw new RequestRefused('request.not-found');
      return { status: 204 };
    },
  });

/** `/auth/sessions`: a person's own sessions, one a device. */
export const sessionRoutes = (app: Application, cursors: Cursors): readonly Route[] => [
  listSessions(app, cursors),
  endOthers(app),
  endSession(app),
];
