import type { UserActor } from '../../domain/access/actor.ts';
import type { SessionEnd } from '../../domain/access/session.ts';
import type { SessionId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from './audit-entry-of.ts';

/** What ending a session needs. */
export interface SessionEnding {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly unitOfWork: UnitOfWork<'sessions' | 'audit'>;
}

/**
 * Ends a live session of the actor, with its audit entry.
 *
 * @returns `false` where he has no such live session
 */
export async function endSession(
  { clock, idGenerator, unitOfWork }: SessionEnding,
  actor: UserActor,
  sessionId: SessionId,
  reason: SessionEnd,
): Promise<boolean> {
  const now = clock.now();
  const act = {
    action: 'access.session-ended',
    subject: { type: 'session', id: sessionId },
    details: { reason },
  };
  const entry = auditEntryOf(idGenerator, actor, act, now);
  return unitOfWork.run(actor.tenantId, async ({ sessions, audit }) => {
    const ended = await sessions.end(actor.userId, sessionId, reason, now);
    if (ended) await audit.add(entry);
    return ended;
  });
}
