import {
  type AnonymousActor,
  auditActorOf,
  type SystemActor,
  type UserActor,
} from '../../domain/access/actor.ts';
import type { CaseAct } from '../../domain/cases/case-event.ts';
import type { Transition } from '../../domain/cases/transition.ts';
import type { CaseChange } from '../ports/stores/case-store.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';

/** As much of an actor as the event of a case names. */
export type CaseActor =
  Pick<UserActor, 'kind' | 'userId' | 'role'> | Pick<AnonymousActor | SystemActor, 'kind'>;

/** Who acts on a case, as its event is to say it. */
export const caseActOf = (idGenerator: IdGenerator, actor: CaseActor, now: Date): CaseAct => ({
  eventId: idGenerator.next(),
  actorId: actor.kind === 'user' ? actor.userId : null,
  actorRole: actor.kind === 'user' ? actor.role : actor.kind,
  now,
});

/** A step of a case with its audit entry, which stands in the trail of the case's tenant. */
export function caseChangeOf(
  idGenerator: IdGenerator,
  actor: CaseActor,
  transition: Transition,
  { message = null, reason = null }: Partial<Pick<CaseChange, 'message' | 'reason'>> = {},
): CaseChange {
  const { after, before, event } = transition;
  const audit = {
    id: idGenerator.next(),
    tenantId: after.tenantId,
    actor: auditActorOf(actor),
    action: `cases.${event.type}`,
    subject: { type: 'case', id: after.id },
    at: event.at,
    details: { from: before.state, to: after.state, version: after.version, ...assigneeOf(transition) },
  };
  return { ...transition, message, reason, audit };
}

/** To whom the step gives the case, or that it gives it to nobody; nothing where that stays as it is. */
const assigneeOf = ({ before, after }: Transition) =>
  before.physicianId === after.physicianId ? {} : { physician: after.physicianId };
