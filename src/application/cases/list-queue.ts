import type { Actor, UserActor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import { isAway } from '../../domain/cases/eligibility.ts';
import type { QueuePage, QueueRequest } from '../ports/stores/case-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface ListQueueCommand extends QueueRequest {
  readonly actor: Actor;
}

/** One page of the queue, in its order. */
export interface QueueView extends QueuePage {
  /** When it was looked at: until then its cases have waited. */
  readonly at: Date;
}

interface Dependencies {
  readonly clock: Clock;
  readonly unitOfWork: UnitOfWork<'cases' | 'physicians'>;
}

const NOTHING: QueuePage = { items: [], next: null };

/** Lists the cases that wait for a physician, in the order in which they are to be taken, without their text. */
export class ListQueue {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * For an admin the whole queue of his tenant; for a physician what he could claim now, without telling whose cases they are.
   *
   * @throws {Forbidden} for patients
   */
  async execute({ actor: given, ...request }: ListQueueCommand): Promise<QueueView> {
    const actor = authorizeMember(given, 'cases.queue');
    const isPhysician = actor.kind === 'user' && actor.role === 'physician';
    const page = isPhysician
      ? await this.#queueOf(actor, request)
      : await this.#deps.unitOfWork.stores(actor.tenantId).cases.queue(request);
    return { ...page, at: this.#deps.clock.now() };
  }

  async #queueOf({ tenantId, userId }: UserActor, request: QueueRequest): Promise<QueuePage> {
    const { cases, physicians } = this.#deps.unitOfWork.stores(tenantId);
    const physician = await physicians.findByUser(userId);
    const assignable = physician && (await physicians.findAssignable(physician.id));
    if (!assignable || isAway(assignable) || assignable.openCases >= physician.maxOpenCases) return NOTHING;
    const { items, next } = await cases.queueFor(physician, request);
    return { items: items.map((queued) => ({ ...queued, patientId: null })), next };
  }
}
