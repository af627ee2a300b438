import type { Actor } from '../../domain/access/actor.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import type { Session } from '../../domain/access/session.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface ListSessionsCommand {
  readonly actor: Actor;
  readonly page: PageRequest;
}

/** A session as its owner sees it. */
export interface ListedSession {
  readonly session: Session;
  /** Whether it is the one that asked. */
  readonly current: boolean;
}

interface Dependencies {
  readonly clock: Clock;
  readonly unitOfWork: UnitOfWork<'sessions'>;
}

/** Lists the actor's own live sessions, newest first. */
export class ListSessions {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  async execute(command: ListSessionsCommand): Promise<Page<ListedSession>> {
    const actor = authorizeUser(command.actor, 'sessions.manage');
    const { clock, unitOfWork } = this.#deps;
    const { sessions } = unitOfWork.stores(actor.tenantId);
    const { items, next } = await sessions.listLive(actor.userId, clock.now(), command.page);
    return { items: items.map((session) => ({ session, current: session.id === actor.sessionId })), next };
  }
}
