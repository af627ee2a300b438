import { isBridgeOpen } from '../../domain/legacy/legacy-bridge.ts';
import type { LegacySession, LegacySubject } from '../../domain/legacy/legacy-session.ts';
import type { TenantId, UserId } from '../../domain/shared/ids.ts';
import { sameOctets } from '../../domain/shared/octets.ts';
import type { LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import type { LegacySessions } from '../ports/legacy/legacy-sessions.ts';
import type { Settings } from '../ports/system/settings.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { LegacyLookingUp } from './legacy-lookup.ts';
import { speaksForHimAlone, subjectLookups } from './subject-lookups.ts';

/** A live session of the legacy service with somebody behind it. */
export type HeldLegacySession = LegacySession & { readonly subject: LegacySubject };

/** What finding a legacy session needs. */
export interface LegacySessionFinding {
  readonly legacySessions: LegacySessions;
  readonly settings: Settings;
}

/**
 * A legacy session, while such sessions count.
 *
 * @returns `null` where it is over, is a guest's, or the operator takes none (any more)
 */
export async function findLegacySession(
  { legacySessions, settings }: LegacySessionFinding,
  sid: string,
  now: Date,
): Promise<HeldLegacySession | null> {
  if (!isBridgeOpen(settings.legacyBridge, now)) return null;
  const session = await legacySessions.find(sid, now);
  return session?.subject ? { ...session, subject: session.subject } : null;
}

/** What telling whether a session still stands on its legacy session needs. */
export interface BondChecking extends LegacySessionFinding, LegacyLookingUp {
  readonly legacyRequests: LegacyRequests;
  readonly unitOfWork: UnitOfWork<'legacyLinks'>;
}

/**
 * The legacy session that a session of an account stands on, while it lives and is of somebody whom the account is linked to, and of nobody
 * else.
 *
 * @returns `null` where it is over or somebody else's by now, or the link was undone
 */
export async function findBond(
  deps: BondChecking,
  { tenantId, userId }: { readonly tenantId: TenantId; readonly userId: UserId },
  sid: string,
  now: Date,
): Promise<HeldLegacySession | null> {
  const [session, links] = await Promise.all([
    findLegacySession(deps, sid, now),
    deps.unitOfWork.stores(tenantId).legacyLinks.listLinked(userId),
  ]);
  if (!session) return null;
  for (const { identifierHash, vendorId } of links) {
    const subject = { ...session.subject, vendorId: session.subject.vendorId ?? vendorId };
    const lookup = subjectLookups(deps, subject).find(({ hash }) => sameOctets(hash, identifierHash));
    if (lookup && (await speaksForHimAlone(deps, subject, lookup))) return session;
  }
  return null;
}
