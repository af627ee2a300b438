import type { BreakGlassGrant } from '../../domain/cases/break-glass.ts';
import type { TextCipher } from '../ports/security/text-cipher.ts';
import type { StoredGrant } from '../ports/stores/break-glass-store.ts';
import { grantPlace } from './grant-place.ts';

/** A break-glass grant as its reviewers see it. */
export interface GrantView extends BreakGlassGrant {
  readonly reason: string;
  /** `null` while it waits for its review. */
  readonly note: string | null;
}

/** Opens the texts of a grant. */
export async function openGrant(textCipher: TextCipher, stored: StoredGrant): Promise<GrantView> {
  const { id, note, reason, tenantId } = stored;
  return {
    ...stored,
    reason: await textCipher.open(grantPlace(tenantId, id, 'reason'), reason),
    note: note && (await textCipher.open(grantPlace(tenantId, id, 'note'), note)),
  };
}
