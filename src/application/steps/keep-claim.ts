import type { Actor } from '../../domain/access/actor.ts';
import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import type { StoredLink } from '../ports/stores/legacy-link-store.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Stores } from '../ports/unit-of-work.ts';
import { auditEntryOf } from './audit-entry-of.ts';

/**
 * Keeps a claim with its audit entry, within a unit of work.
 *
 * @returns what is kept: where the account has a claim to the identifier already, that one
 */
export async function keepClaim(
  idGenerator: IdGenerator,
  { audit, legacyLinks }: Pick<Stores, 'legacyLinks' | 'audit'>,
  actor: Actor,
  claimed: StoredLink,
): Promise<LegacyLink> {
  const link = await legacyLinks.claim(claimed);
  const subject = { type: 'legacy-link', id: link.id };
  const act = { action: 'legacy.claimed', subject, details: { kind: link.kind } };
  await audit.add(auditEntryOf(idGenerator, actor, act, claimed.createdAt));
  return link;
}
