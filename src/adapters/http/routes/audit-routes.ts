import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import type { AuditFilter } from '../../../application/ports/stores/audit-trail.ts';
import type { Cursors } from '../cursors.ts';
import { route, type Route } from '../route.ts';
import { AuditEntryBody, auditEntryBody } from '../schemas/audit-entry-body.ts';
import { pageBody } from '../schemas/page-body.ts';
import { PagingQuery } from '../schemas/paging-query.ts';

const TYPE = /^[a-z][a-z-]{0,49}$/;

const INSTANT = { type: 'string' as const, examples: ['2026-01-31T08:30:00.000Z', '2026-01-31'] };

/** An instant with its offset from UTC, or a day, which begins at midnight UTC. */
const Instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], { error: 'Must be a time of ISO 8601.' })
  .transform((text) => new Date(text));

/** An id, or a type and an id: types have no colon, and neither have ids. */
/** Ids of records are kept in lower case; what is no UUID is looked up as it is. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

const Subject = z
  .string()
  .max(200)
  .transform((text, context) => {
    const parts = text.split(':');
    const [id = '', type = null] = parts.toReversed();
    if (parts.length > 2 || id === '' || (type !== null && !TYPE.test(type))) {
      context.addIssue({
        code: 'custom',
        params: { detail: 'Must be an id, or a type, a colon and an id.' },
      });
      return z.NEVER;
    }
    return { type, id: UUID.test(id) ? id.toLowerCase() : id };
  });

const AuditQuery = PagingQuery.extend({
  actor: z.uuid().toLowerCase().optional().meta({ description: 'The user who acted' }),
  action: z
    .string()
    .regex(/^[a-z]+\.[a-z-]+$/)
    .max(100)
    .optional()
    .meta({ description: 'Such as `cases.submitted`' }),
  subject: Subject.optional().meta({
    description: 'The record that it was done to: its id, or `type:id`',
    override: { type: 'string', maxLength: 200 },
  }),
  from: Instant.optional().meta({ description: 'Not before this time', override: INSTANT }),
  to: Instant.optional().meta({ description: 'Before this time', override: INSTANT }),
});

const filterOf = ({ action, actor, from, subject, to }: z.output<typeof AuditQuery>): AuditFilter => ({
  actorId: actor ?? null,
  action: action ?? null,
  subject: subject ?? null,
  from: from ?? null,
  to: to ?? null,
});

const listEntries = (app: Application, cursors: Cursors): Route =>
  route({
    method: 'get',
    path: '/audit',
    summary: 'List what the audit trail of the tenant tells, newest first',
    access: 'audit.read',
    limit: 'authenticated',
    input: { query: AuditQuery },
    responses: { 200: pageBody(AuditEntryBody) },
    handle: async ({ actor, query }) => {
      const scope = { route: '/audit', tenantId: actor.tenantId };
      const command = { actor, filter: filterOf(query), page: cursors.pageOf(scope, query) };
      const page = await app.audit.listAuditEntries.execute(command);
      return {
        status: 200,
        body: { items: page.items.map(auditEntryBody), nextCursor: cursors.nextOf(scope, page) },
      };
    },
  });

/** `/audit`: who did what in an admin's tenant. */
export const auditRoutes = (app: Application, cursors: Cursors): readonly Route[] => [
  listEntries(app, cursors),
];
