import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import type { Cursors } from '../cursors.ts';
import { found } from '../found.ts';
import { route, type Route } from '../route.ts';
import { AT_LEAST_ONE, hasField } from '../schemas/has-field.ts';
import { IdParams } from '../schemas/id-params.ts';
import { pageBody } from '../schemas/page-body.ts';
import { PagingQuery } from '../schemas/paging-query.ts';
import {
  OwnPhysicianFields,
  PhysicianBody,
  physicianBody,
  PhysicianFields,
} from '../schemas/physician-body.ts';

const Physician = z.object({ physician: PhysicianBody });

const NewPhysician = PhysicianFields.exactPartial().extend({
  userId: z.uuid().toLowerCase().meta({ description: 'An account of role `physician`' }),
  languagePreference: PhysicianFields.shape.languagePreference,
});

/** What an admin's fields are refused for by the use cases, and which of them that is about. */
const FIELD_PROBLEMS = [
  'identity.case-limit-rejected',
  'identity.language-rejected',
  'identity.pool-rejected',
  'identity.too-many-languages',
] as const;
const POINTERS = {
  'identity.case-limit-rejected': '/maxOpenCases',
  'identity.language-rejected': '/languagePreference',
  'identity.pool-rejected': '/privatePool',
  'identity.too-many-languages': '/languages',
};

const listPhysicians = (app: Application, cursors: Cursors): Route =>
  route({
    method: 'get',
    path: '/physicians',
    summary: 'List the physicians of the tenant, newest first',
    access: 'physicians.read',
    limit: 'authenticated',
    input: { query: PagingQuery },
    responses: { 200: pageBody(PhysicianBody) },
    handle: async ({ actor, query }) => {
      const scope = { route: '/physicians', tenantId: actor.tenantId };
      const command = { actor, page: cursors.pageOf(scope, query) };
      const page = await app.identity.listPhysicians.execute(command);
      return {
        status: 200,
        body: { items: page.items.map(physicianBody), nextCursor: cursors.nextOf(scope, page) },
      };
    },
  });

const createPhysician = (app: Application): Route =>
  route({
    method: 'post',
    path: '/physicians',
    summary: 'Make a physician of an account of this role',
    access: 'physicians.write',
    limit: 'authenticated',
    idempotent: true,
    input: { body: NewPhysician },
    responses: { 201: Physician },
    problems: [
      'identity.not-a-physician',
      'identity.physician-exists',
      'request.not-found',
      ...FIELD_PROBLEMS,
    ],
    pointers: POINTERS,
    handle: async ({ actor, body, idempotency }) => {
      const command = { actor, physician: body, idempotency };
      const physician = found(await app.identity.createPhysician.execute(command));
      return {
        status: 201,
        body: { physician: physicianBody(physician) },
        headers: { Location: `/physicians/${physician.id}` },
      };
    },
  });

const changeOwnPhysician = (app: Application): Route =>
  route({
    method: 'patch',
    path: '/physicians/me',
    summary: 'Change one’s own languages, or begin or end a vacation: cases that wait go back to the queue',
    access: 'physicians.write-own',
    limit: 'authenticated',
    input: { body: OwnPhysicianFields.exactPartial().refine(hasField, AT_LEAST_ONE) },
    responses: { 200: Physician },
    problems: [
      'identity.language-rejected',
      'identity.physician-conflict',
      'identity.too-many-languages',
      'request.not-found',
    ],
    pointers: POINTERS,
    handle: async ({ actor, body }) => {
      const physician = found(await app.identity.updateOwnPhysician.execute({ actor, changes: body }));
      return { status: 200, body: { physician: physicianBody(physician) } };
    },
  });

const readPhysician = (app: Application): Route =>
  route({
    method: 'get',
    path: '/physicians/:id',
    summary: 'Read a physician of the tenant',
    access: 'physicians.read',
    limit: 'authenticated',
    input: { params: IdParams },
    responses: { 200: Physician },
    handle: async ({ actor, params }) => {
      const physician = found(await app.identity.getPhysician.execute({ actor, physicianId: params.id }));
      return { status: 200, body: { physician: physicianBody(physician) } };
    },
  });

const changePhysician = (app: Application): Route =>
  route({
    method: 'patch',
    path: '/physicians/:id',
    summary: 'Change a physician; where a vacation begins, his cases go back to the queue',
    access: 'physicians.write',
    limit: 'authenticated',
    input: { params: IdParams, body: PhysicianFields.exactPartial().refine(hasField, AT_LEAST_ONE) },
    responses: { 200: Physician },
    problems: ['identity.physician-conflict', ...FIELD_PROBLEMS],
    pointers: POINTERS,
    handle: async ({ actor, params, body }) => {
      const command = { actor, physicianId: params.id, changes: body };
      const physician = found(await app.identity.updatePhysician.execute(command));
      return { status: 200, body: { physician: physicianBody(physician) } };
    },
  });

/** `/physicians`: the givers of opinions of a tenant. `/me` stands before the ids, which it is none of. */
export const physicianRoutes = (app: Application, cursors: Cursors): readonly Route[] => [
  listPhysicians(app, cursors),
  createPhysician(app),
  changeOwnPhysician(app),
  readPhysician(app),
  changePhysician(app),
];
