import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { CLAIM_STATUSES } from '../../../domain/legacy/legacy-link.ts';
import { REASON_MAX_LENGTH } from '../../../domain/shared/reason.ts';
import type { Cursors } from '../cursors.ts';
import { found } from '../found.ts';
import { route, type Route } from '../route.ts';
import { IdParams } from '../schemas/id-params.ts';
import { LegacyClaimBody, legacyClaimBody } from '../schemas/legacy-link-body.ts';
import { pageBody } from '../schemas/page-body.ts';
import { PagingQuery } from '../schemas/paging-query.ts';

const ClaimsQuery = PagingQuery.extend({
  status: z.enum(CLAIM_STATUSES).optional().meta({
    description: 'Claims that nothing has proven yet, or proven ones that somebody else disputes',
  }),
});

const Decision = z.strictObject({
  reason: z.string().meta({ description: `Why, in 1 to ${REASON_MAX_LENGTH} code points; kept encrypted` }),
});

const listClaims = (app: Application, cursors: Cursors): Route =>
  route({
    method: 'get',
    path: '/legacy/claims',
    summary: 'List the claims to legacy identifiers that you can decide on, newest first',
    access: 'legacy.read-claims',
    limit: 'authenticated',
    input: { query: ClaimsQuery },
    responses: { 200: pageBody(LegacyClaimBody) },
    handle: async ({ actor, query }) => {
      const scope = { route: '/legacy/claims', tenantId: actor.tenantId };
      const command = { actor, status: query.status ?? null, page: cursors.pageOf(scope, query) };
      const page = await app.legacy.listLegacyClaims.execute(command);
      const items = page.items.map(legacyClaimBody);
      return { status: 200, body: { items, nextCursor: cursors.nextOf(scope, page) } };
    },
  });

const approveClaim = (app: Application): Route =>
  route({
    method: 'post',
    path: '/legacy/claims/:id/approve',
    summary: 'Give a legacy identifier to the account that claims it; whoever had it loses it, and is told',
    access: 'legacy.decide',
    limit: 'authenticated',
    input: { params: IdParams, body: Decision },
    responses: {
      200: z.object({
        claim: LegacyClaimBody,
        cases: z.int().meta({ description: "How many legacy cases are the account's by this" }),
      }),
    },
    problems: [
      'legacy.claim-decided',
      'legacy.account-unknown',
      'legacy.identifier-placeholder',
      'access.reason-rejected',
    ],
    pointers: { 'access.reason-rejected': '/reason' },
    handle: async ({ actor, params, body }) => {
      const command = { actor, claimId: params.id, ...body };
      const { cases, ...view } = found(await app.legacy.approveLegacyClaim.execute(command));
      return { status: 200, body: { claim: legacyClaimBody(view), cases } };
    },
  });

const rejectClaim = (app: Application): Route =>
  route({
    method: 'post',
    path: '/legacy/claims/:id/reject',
    summary: 'Refuse a claim to a legacy identifier; the claimant is told, and whoever has it keeps it',
    access: 'legacy.decide',
    limit: 'authenticated',
    input: { params: IdParams, body: Decision },
    responses: { 200: z.object({ claim: LegacyClaimBody }) },
    problems: ['legacy.claim-decided', 'access.reason-rejected'],
    pointers: { 'access.reason-rejected': '/reason' },
    handle: async ({ actor, params, body }) => {
      const command = { actor, claimId: params.id, ...body };
      const view = found(await app.legacy.rejectLegacyClaim.execute(command));
      return { status: 200, body: { claim: legacyClaimBody(view) } };
    },
  });

/** `/legacy/claims`: what an admin decides of who is whom at the legacy service. */
export const legacyClaimRoutes = (app: Application, cursors: Cursors): readonly Route[] => [
  listClaims(app, cursors),
  approveClaim(app),
  rejectClaim(app),
];
