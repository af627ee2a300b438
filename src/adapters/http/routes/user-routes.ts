import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { ROLES } from '../../../domain/identity/user.ts';
import { REASON_MAX_LENGTH } from '../../../domain/shared/reason.ts';
import type { Cursors } from '../cursors.ts';
import { found } from '../found.ts';
import { RequestRefused } from '../request-refused.ts';
import { route, type Route } from '../route.ts';
import { AT_LEAST_ONE, hasField } from '../schemas/has-field.ts';
import { Email } from '../schemas/email.ts';
import { IdParams } from '../schemas/id-params.ts';
import { LanguageTag } from '../schemas/language-tag.ts';
import { NewPassword } from '../schemas/new-password.ts';
import { pageBody } from '../schemas/page-body.ts';
import { PagingQuery } from '../schemas/paging-query.ts';
import { Timestamp } from '../schemas/timestamp.ts';
import { UserBody, userBody } from '../schemas/user-body.ts';

const User = z.object({ user: UserBody });
const MfaReset = z.object({
  reset: z
    .object({
      id: z.uuid(),
      requestedAt: Timestamp,
      dueAt: Timestamp.meta({ description: 'When it happens, unless the owner of the account stops it' }),
    })
    .meta({ id: 'MfaReset' }),
});

const listUsers = (app: Application, cursors: Cursors): Route =>
  route({
    method: 'get',
    path: '/users',
    summary: 'List the accounts of the tenant, newest first',
    access: 'users.read',
    limit: 'authenticated',
    input: { query: PagingQuery },
    responses: { 200: pageBody(UserBody) },
    handle: async ({ actor, query }) => {
      const scope = { route: '/users', tenantId: actor.tenantId };
      const page = await app.identity.listUsers.execute({ actor, page: cursors.pageOf(scope, query) });
      return {
        status: 200,
        body: { items: page.items.map(userBody), nextCursor: cursors.nextOf(scope, page) },
      };
    },
  });

const createUser = (app: Application): Route =>
  route({
    method: 'post',
    path: '/users',
    summary: 'Make an account of any role; without a password, its owner is invited by mail to choose one',
    access: 'users.write',
    limit: 'authenticated',
    idempotent: true,
    input: {
      body: z.strictObject({
        email: Email,
        role: z.enum(ROLES),
        password: NewPassword.optional(),
        language: LanguageTag.optional(),
      }),
    },
    responses: { 201: User },
    problems: [
      'identity.email-rejected',
      'identity.conflict',
      'identity.email-taken',
      'identity.language-rejected',
      'identity.password-rejected',
      'request.unavailable',
    ],
    pointers: {
      'identity.email-rejected': '/email',
      'identity.language-rejected': '/language',
      'identity.password-rejected': '/password',
    },
    handle: async ({ actor, body, idempotency }) => {
      const user = await app.identity.createUser.execute({ actor, ...body, idempotency });
      return { status: 201, body: { user: userBody(user) }, headers: { Location: `/users/${user.id}` } };
    },
  });

const readUser = (app: Application): Route =>
  route({
    method: 'get',
    path: '/users/:id',
    summary: 'Read an account of the tenant',
    access: 'users.read',
    limit: 'authenticated',
    input: { params: IdParams },
    responses: { 200: User },
    handle: async ({ actor, params }) => {
      const user = found(await app.identity.getUser.execute({ actor, userId: params.id }));
      return { status: 200, body: { user: userBody(user) } };
    },
  });

const changeUser = (app: Application): Route =>
  route({
    method: 'patch',
    path: '/users/:id',
    summary: 'Change the role of an account, or disable or enable it',
    access: 'users.write',
    limit: 'authenticated',
    input: {
      params: IdParams,
      body: z
        .strictObject({ isActive: z.boolean().exactOptional(), role: z.enum(ROLES).exactOptional() })
        .refine(hasField, AT_LEAST_ONE),
    },
    responses: { 200: User },
    problems: ['identity.last-admin', 'identity.conflict'],
    handle: async ({ actor, params, body }) => {
      const command = { actor, userId: params.id, changes: body };
      const user = found(await app.identity.updateUser.execute(command));
      return { status: 200, body: { user: userBody(user) } };
    },
  });

const endUserSessions = (app: Application): Route =>
  route({
    method: 'delete',
    path: '/users/:id/sessions',
    summary: 'End every session of an account',
    access: 'users.write',
    limit: 'authenticated',
    input: { params: IdParams },
    responses: { 204: null },
    handle: async ({ actor, params }) => {
      found(await app.access.revokeUserSessions.execute({ actor, userId: params.id }));
      return { status: 204 };
    },
  });

const unlockUser = (app: Application): Route =>
  route({
    method: 'post',
    path: '/users/:id/unlock',
    summary: 'End the lock that too many failures have brought upon an account',
    access: 'users.write',
    limit: 'authenticated',
    input: { params: IdParams },
    responses: { 204: null },
    handle: async ({ actor, params }) => {
      const unlocked = await app.access.unlockUser.execute({ actor, userId: params.id });
      if (!unlocked) throw new RequestRefused('request.not-found');
      return { status: 204 };
    },
  });

const resetFactors = (app: Application): Route =>
  route({
    method: 'post',
    path: '/users/:id/mfa-reset',
    summary: 'Have the second factors of an account taken away in a day; its owner is told, and can stop it',
    access: 'users.reset-factors',
    limit: 'authenticated',
    input: {
      params: IdParams,
      body: z.strictObject({
        reason: z.string().meta({ description: `Why, in 1 to ${REASON_MAX_LENGTH} code points` }),
      }),
    },
    responses: { 202: MfaReset },
    problems: ['access.mfa-reset-pending', 'access.reason-rejected'],
    pointers: { 'access.reason-rejected': '/reason' },
    handle: async ({ actor, params, body }) => {
      const command = { actor, userId: params.id, ...body };
      const { id, requestedAt, dueAt } = found(await app.access.requestMfaReset.execute(command));
      const reset = { id, requestedAt: requestedAt.toISOString(), dueAt: dueAt.toISOString() };
      return { status: 202, body: { reset } };
    },
  });

/** `/users`: the accounts of an admin's tenant. */
export const userRoutes = (app: Application, cursors: Cursors): readonly Route[] => [
  listUsers(app, cursors),
  createUser(app),
  readUser(app),
  changeUser(app),
  endUserSessions(app),
  unlockUser(app),
  resetFactors(app),
];
