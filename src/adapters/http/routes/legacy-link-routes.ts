import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import type { LinkClaim } from '../../../application/legacy/link-legacy-identifier.ts';
import { IDENTIFIER_MAX_LENGTH, LEGACY_IDENTIFIER_KINDS } from '../../../domain/legacy/legacy-identifier.ts';
import { LINK_PROOFS } from '../../../domain/legacy/legacy-link.ts';
import {
  STATEMENT_AUDIENCE,
  STATEMENT_MAX_LENGTH,
  STATEMENT_MAX_LIFE_SECONDS,
} from '../../../domain/legacy/vendor-statement.ts';
import { VENDOR_ID_MAX_LENGTH } from '../../../domain/shared/vendor-id.ts';
import type { Cursors } from '../cursors.ts';
import { found } from '../found.ts';
import { RequestRefused } from '../request-refused.ts';
import { route, type Route } from '../route.ts';
import { IdParams } from '../schemas/id-params.ts';
import { LegacyLinkBody, legacyLinkBody } from '../schemas/legacy-link-body.ts';
import { pageBody } from '../schemas/page-body.ts';
import { PagingQuery } from '../schemas/paging-query.ts';

const Claim = z.strictObject({
  vendorId: z.string().max(VENDOR_ID_MAX_LENGTH).nullable().exactOptional().meta({
    description:
      'As the legacy service writes it, in any spelling; null or left out for records that name none',
  }),
  kind: z.enum(LEGACY_IDENTIFIER_KINDS),
  identifier: z.string().min(1).max(IDENTIFIER_MAX_LENGTH),
});

const Proof = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('code'),
    code: z
      .string()
      .max(64)
      .meta({ description: 'Eight digits', examples: ['12345678'] }),
  }),
  z.strictObject({ method: z.literal('vendor-statement'), jwt: z.string().max(STATEMENT_MAX_LENGTH) }),
  z.strictObject({ method: z.literal('session'), ticket: z.string().max(64) }),
]);

/** What a statement of the vendor has to say, beside who somebody is. */
const Statement = z.object({
  iss: z.string().meta({ description: 'The id of the vendor' }),
  aud: z.string(),
  nonce: z.uuid().meta({ description: 'The id of the link' }),
  kind: z.enum(LEGACY_IDENTIFIER_KINDS),
  maxAgeSeconds: z.int().meta({ description: 'Between its iat and its exp' }),
});

const claimBody = ({ link, methods }: LinkClaim) => ({
  linkId: link.id,
  methods: [...methods],
  ...(link.vendorId !== null &&
    methods.includes('vendor-statement') && {
      statement: {
        iss: link.vendorId,
        aud: STATEMENT_AUDIENCE,
        nonce: link.id,
        kind: link.kind,
        maxAgeSeconds: STATEMENT_MAX_LIFE_SECONDS,
      },
    }),
});

const claimIdentifier = (app: Application): Route =>
  route({
    method: 'post',
    path: '/legacy/links',
    summary:
      'Claim an identifier by which the legacy service knows you; the answer tells nothing of its records',
    access: 'legacy.link',
    limit: 'authenticated',
    input: { body: Claim },
    responses: {
      202: z.object({
        linkId: z.uuid(),
        methods: z.array(z.enum(LINK_PROOFS)).meta({ description: 'By what it can be proven' }),
        statement: Statement.optional().meta({ description: "What a vendor's statement has to say" }),
      }),
    },
    problems: ['legacy.identifier-rejected'],
    pointers: { 'legacy.identifier-rejected': '/identifier' },
    handle: async ({ actor, body: { vendorId = null, ...body } }) => {
      const claim = await app.legacy.linkLegacyIdentifier.execute({ actor, vendorId, ...body });
      return { status: 202, body: claimBody(claim) };
    },
  });

const proveLink = (app: Application): Route =>
  route({
    method: 'post',
    path: '/legacy/links/:id/proof',
    summary: 'Prove that a claimed identifier is yours',
    access: 'legacy.link',
    limit: 'authenticated',
    input: { params: IdParams, body: Proof },
    responses: {
      200: z.object({
        status: z.literal('linked'),
        cases: z.int().meta({ description: 'How many legacy cases are yours by this' }),
      }),
      202: z.object({ status: z.literal('waiting-for-admin') }),
    },
    problems: ['legacy.proof-refused', 'request.rate-limited', 'request.unavailable'],
    handle: async ({ actor, params, body: proof }) => {
      const outcome = found(await app.legacy.proveLegacyLink.execute({ actor, linkId: params.id, proof }));
      return outcome.status === 'linked' ? { status: 200, body: outcome } : { status: 202, body: outcome };
    },
  });

const listLinks = (app: Application, cursors: Cursors): Route =>
  route({
    method: 'get',
    path: '/legacy/links',
    summary: 'List your legacy identifiers, newest first',
    access: 'legacy.link',
    limit: 'authenticated',
    input: { query: PagingQuery },
    responses: { 200: pageBody(LegacyLinkBody) },
    handle: async ({ actor, query }) => {
      const scope = { route: '/legacy/links', tenantId: actor.tenantId };
      const page = await app.legacy.listLegacyLinks.execute({ actor, page: cursors.pageOf(scope, query) });
      const items = page.items.map(legacyLinkBody);
      return { status: 200, body: { items, nextCursor: cursors.nextOf(scope, page) } };
    },
  });

const unlink = (app: Application): Route =>
  route({
    method: 'delete',
    path: '/legacy/links/:id',
    summary: 'Give up a legacy identifier, or a claim to one; your legacy cases by it are yours no longer',
    access: 'legacy.unlink',
    limit: 'authenticated',
    input: { params: IdParams },
    responses: { 204: null },
    problems: ['legacy.claim-decided'],
    handle: async ({ actor, params }) => {
      const isFound = await app.legacy.unlinkLegacyIdentifier.execute({ actor, linkId: params.id });
      if (!isFound) throw new RequestRefused('request.not-found');
      return { status: 204 };
    },
  });

/** `/legacy/links`: what the legacy service knows of oneself, and the proof that it is oneself. */
export const legacyLinkRoutes = (app: Application, cursors: Cursors): readonly Route[] => [
  claimIdentifier(app),
  listLinks(app, cursors),
  proveLink(app),
  unlink(app),
];
