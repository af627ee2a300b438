import type { SystemActor, UserActor } from '../../domain/access/actor.ts';
import type { SessionId, UserId } from '../../domain/shared/ids.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { SessionEnding } from './end-session.ts';

/** What ending all of somebody's sessions needs. */
export interface SessionsEnding extends SessionEnding {
  readonly unitOfWork: UnitOfWork<'sessions' | 'oneTimeTokens' | 'audit'>;
}

/** What the sessions of a thief may have begun: it ends with them. */
const BEGUN = ['email-change', 'factor-enrolment'] as const;

/**
 * Ends the live sessions of a user of the actor's tenant, but for the one to keep, with one audit entry that says how many. A change of
 * address that one of them has begun is withdrawn.
 *
 * @returns how many it ended
 */
export async function endSessions(
  { clock, idGenerator, unitOfWork }: SessionsEnding,
  actor: UserActor | SystemActor,
  userId: UserId,
  keep: SessionId | null,
): Promise<number> {
  const now = clock.now();
  return unitOfWork.run(actor.tenantId, async ({ sessions, oneTimeTokens, audit }) => {
    const ended = await sessions.endAll(userId, 'revoked', now, keep);
    await oneTimeTokens.revoke(userId, BEGUN);
    const act = {
      action: 'access.sessions-ended',
      subject: { type: 'user', id: userId },
      details: { ended },
    };
    await audit.add(auditEntryOf(idGenerator, actor, act, now));
    return ended;
  });
}
