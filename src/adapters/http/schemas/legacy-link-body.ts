import { z } from 'zod';
import type { LinkView } from '../../../application/steps/legacy-lookup.ts';
import { LEGACY_IDENTIFIER_KINDS } from '../../../domain/legacy/legacy-identifier.ts';
import { LINK_PROOFS, LINK_STATUSES } from '../../../domain/legacy/legacy-link.ts';
import { Timestamp } from './timestamp.ts';

/** An identifier of the legacy service that somebody has, claims or had. */
export const LegacyLinkBody = z
  .object({
    id: z.uuid(),
    vendorId: z.string().nullable().meta({ description: 'Lower case; null for records that name no vendor' }),
    kind: z.enum(LEGACY_IDENTIFIER_KINDS),
    identifier: z.string().meta({ description: 'In its normal form' }),
    status: z.enum(LINK_STATUSES),
    proof: z.enum(LINK_PROOFS).nullable(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'LegacyLink' });

/** The same for admins: with whose it is. */
export const LegacyClaimBody = LegacyLinkBody.extend({
  userId: z.uuid(),
  decidedBy: z.uuid().nullable(),
}).meta({ id: 'LegacyClaim' });

/** How a link is sent to its account. */
export const legacyLinkBody = ({ identifier, link }: LinkView): z.input<typeof LegacyLinkBody> => ({
  id: link.id,
  vendorId: link.vendorId,
  kind: link.kind,
  identifier,
  status: link.status,
  proof: link.proof,
  createdAt: link.createdAt.toISOString(),
  updatedAt: link.updatedAt.toISOString(),
});

/** How a claim is sent to an admin. */
export const legacyClaimBody = (view: LinkView): z.input<typeof LegacyClaimBody> => ({
  ...legacyLinkBody(view),
  userId: view.link.userId,
  decidedBy: view.link.decidedBy,
});
