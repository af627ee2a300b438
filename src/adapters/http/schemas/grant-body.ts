import { z } from 'zod';
import type { GrantView } from '../../../application/steps/open-grant.ts';
import type { BreakGlassGrant } from '../../../domain/cases/break-glass.ts';
import { Timestamp } from './timestamp.ts';

/** An admin's leave to read a case outside of his role. */
export const GrantBody = z
  .object({
    id: z.uuid(),
    caseId: z.uuid(),
    adminId: z.uuid(),
    createdAt: Timestamp,
    expiresAt: Timestamp.meta({ description: 'Until then the admin reads the text of the case' }),
    reviewedAt: Timestamp.nullable(),
    reviewerId: z.uuid().nullable(),
    outcome: z.string().nullable(),
  })
  .meta({ id: 'Grant' });

/** The same with its texts, for its reviewers. */
export const GrantViewBody = GrantBody.extend({ reason: z.string(), note: z.string().nullable() }).meta({
  id: 'GrantView',
});

/** How a grant is sent. */
export const grantBody = (grant: BreakGlassGrant): z.input<typeof GrantBody> => ({
  id: grant.id,
  caseId: grant.caseId,
  adminId: grant.adminId,
  createdAt: grant.createdAt.toISOString(),
  expiresAt: grant.expiresAt.toISOString(),
  reviewedAt: grant.review?.at.toISOString() ?? null,
  reviewerId: grant.review?.reviewerId ?? null,
  outcome: grant.review?.outcome ?? null,
});

/** How a grant is sent with its texts. */
export const grantViewBody = (view: GrantView): z.input<typeof GrantViewBody> => ({
  ...grantBody(view),
  reason: view.reason,
  note: view.note,
});
