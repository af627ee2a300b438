import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { SLUG_PATTERN } from '../../../domain/tenancy/tenant.ts';
import type { Cursors } from '../cursors.ts';
import { found } from '../found.ts';
import { route, type Route } from '../route.ts';
import { AT_LEAST_ONE, hasField } from '../schemas/has-field.ts';
import { IdParams } from '../schemas/id-params.ts';
import { pageBody } from '../schemas/page-body.ts';
import { PagingQuery } from '../schemas/paging-query.ts';
import { TenantBody, tenantBody, TenantFields } from '../schemas/tenant-body.ts';

const Tenant = z.object({ tenant: TenantBody });

const NewTenant = TenantFields.exactPartial().extend({
  name: TenantFields.shape.name,
  slug: z
    .string()
    .regex(SLUG_PATTERN)
    .meta({ examples: ['north-clinic'] }),
});

/** The fields that refusals of both writing routes are about. */
const POINTERS = { 'tenancy.due-hours-rejected': '/dueHours', 'tenancy.pool-rejected': '/privatePool' };

const listTenants = (app: Application, cursors: Cursors): Route =>
  route({
    method: 'get',
    path: '/tenants',
    summary: 'List the tenants, newest first',
    access: 'tenants.manage',
    limit: 'authenticated',
    input: { query: PagingQuery },
    responses: { 200: pageBody(TenantBody) },
    handle: async ({ actor, query }) => {
      const scope = { route: '/tenants', tenantId: actor.tenantId };
      const page = await app.tenancy.listTenants.execute({ actor, page: cursors.pageOf(scope, query) });
      return {
        status: 200,
        body: { items: page.items.map(tenantBody), nextCursor: cursors.nextOf(scope, page) },
      };
    },
  });

const createTenant = (app: Application): Route =>
  route({
    method: 'post',
    path: '/tenants',
    summary: 'Add a tenant',
    access: 'tenants.manage',
    limit: 'authenticated',
    idempotent: true,
    input: { body: NewTenant },
    responses: { 201: Tenant },
    problems: [
      'tenancy.due-hours-rejected',
      'tenancy.pool-rejected',
      'tenancy.slug-rejected',
      'tenancy.slug-taken',
    ],
    pointers: { ...POINTERS, 'tenancy.slug-rejected': '/slug', 'tenancy.slug-taken': '/slug' },
    handle: async ({ actor, body, idempotency }) => {
      const tenant = await app.tenancy.createTenant.execute({ actor, tenant: body, idempotency });
      return {
        status: 201,
        body: { tenant: tenantBody(tenant) },
        headers: { Location: `/tenants/${tenant.id}` },
      };
    },
  });

const readTenant = (app: Application): Route =>
  route({
    method: 'get',
    path: '/tenants/:id',
    summary: 'Read a tenant',
    access: 'tenants.manage',
    limit: 'authenticated',
    input: { params: IdParams },
    responses: { 200: Tenant },
    handle: async ({ actor, params }) => {
      const tenant = found(await app.tenancy.getTenant.execute({ actor, tenantId: params.id }));
      return { status: 200, body: { tenant: tenantBody(tenant) } };
    },
  });

const changeTenant = (app: Application): Route =>
  route({
    method: 'patch',
    path: '/tenants/:id',
    summary: 'Change the name or the policy of a tenant',
    access: 'tenants.manage',
    limit: 'authenticated',
    input: { params: IdParams, body: TenantFields.exactPartial().refine(hasField, AT_LEAST_ONE) },
    responses: { 200: Tenant },
    problems: ['tenancy.conflict', 'tenancy.due-hours-rejected', 'tenancy.pool-rejected'],
    pointers: POINTERS,
    handle: async ({ actor, params, body }) => {
      const command = { actor, tenantId: params.id, changes: body };
      const tenant = found(await app.tenancy.updateTenant.execute(command));
      return { status: 200, body: { tenant: tenantBody(tenant) } };
    },
  });

/** `/tenants`: the organisations of the installation, for its operator. */
export const tenantRoutes = (app: Application, cursors: Cursors): readonly Route[] => [
  listTenants(app, cursors),
  createTenant(app),
  readTenant(app),
  changeTenant(app),
];
