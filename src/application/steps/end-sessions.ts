import type { SystemActor, UserActor } from '../../domain/access/actor.ts';
import type { SessionId, UserId } from '../../domain/shared/ids.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import type { SessionEnding } from './end-session.ts';

/**
 * Ends the live sessions of a user of the actor's tenant, but for the one to keep, with one audit entry that says how many.
 *
 * @returns how many it ended
 */
export async function endSessions(
  { clock, idGenerator, unitOfWork }: SessionEnding,
  actor: UserActor | SystemActor,
  userId: UserId,
  keep: SessionId | null,
): Promise<number> {
  const now = clock.now();
  return unitOfWork.run(actor.tenantId, async ({ sessions, audit }) => {
    const ended = await sessions.endAll(userId, 'revoked', now, keep);
    const act = {
      action: 'access.sessions-ended',
      subject: { type: 'user', id: userId },
      details: { ended },
    };
    await audit.add(auditEntryOf(idGenerator, actor, act, now));
    return ended;
  });
}
