import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import { isAmbiguous, type LegacyRecord } from '../../domain/legacy/legacy-record.ts';
import type { LegacyLookup, LegacyRequests } from '../ports/legacy/legacy-requests.ts';

/**
 * Whether the identifier of a link may be of several people. An admin who approved the link has looked at that.
 *
 * @param besides rows that say it as well, and are perhaps not found by it yet
 */
export const leadsToSeveral = async (
  { legacyRequests }: { readonly legacyRequests: LegacyRequests },
  { kind, proof }: Pick<LegacyLink, 'kind' | 'proof'>,
  lookup: LegacyLookup,
  besides: readonly LegacyRecord[] = [],
): Promise<boolean> =>
  proof !== 'admin' && isAmbiguous(kind, [...(await legacyRequests.findByIdentifier(lookup)), ...besides]);
