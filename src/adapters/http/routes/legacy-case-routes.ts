import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { CASE_PRIORITIES } from '../../../domain/cases/case.ts';
import { found } from '../found.ts';
import { route, type Route } from '../route.ts';
import { CaseBody, caseViewBody } from '../schemas/case-body.ts';
import { IdParams } from '../schemas/id-params.ts';
import { LanguageTag } from '../schemas/language-tag.ts';

const Adoption = z
  .strictObject({
    language: LanguageTag.optional().meta({
      description: "Where it is left out, that of the legacy case, or of its patient's account",
    }),
    priority: z.enum(CASE_PRIORITIES).optional(),
    specialty: z.string().min(1).max(100).optional(),
  })
  .default({});

const adoptLegacyCase = (app: Application): Route =>
  route({
    method: 'post',
    path: '/cases/:id/adopt-legacy',
    summary: 'Give a case of the legacy service a workflow, as an admin; its row there stays as it is',
    access: 'cases.adopt-legacy',
    limit: 'authenticated',
    input: { params: IdParams, body: Adoption },
    responses: { 200: z.object({ case: CaseBody }) },
    problems: [
      'cases.conflict',
      'cases.language-rejected',
      'cases.legacy-question-too-long',
      'cases.not-allowed-in-state',
      'request.unavailable',
    ],
    pointers: { 'cases.language-rejected': '/language' },
    handle: async ({ actor, body, params }) => {
      const view = found(await app.cases.adoptLegacyCase.execute({ actor, caseId: params.id, ...body }));
      return { status: 200, body: { case: caseViewBody(view) } };
    },
  });

/** `/cases/{id}/adopt-legacy`: the way of a legacy case into the workflow. */
export const legacyCaseRoutes = (app: Application): readonly Route[] => [adoptLegacyCase(app)];
