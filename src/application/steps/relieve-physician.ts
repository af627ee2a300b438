import type { Case } from '../../domain/cases/case.ts';
import type { CaseAct } from '../../domain/cases/case-event.ts';
import type { Transition } from '../../domain/cases/transition.ts';
import { comeBack, leave } from '../../domain/cases/workflow.ts';
import type { PhysicianId, TenantId } from '../../domain/shared/ids.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Stores } from '../ports/unit-of-work.ts';
import { caseActOf, type CaseActor, caseChangeOf } from './case-change.ts';

/** What changing cases needs besides the stores. */
export interface CaseChanging {
  readonly idGenerator: IdGenerator;
}

/** The stores of a unit of work on the physician's tenant, and in it those of the tenants that he serves. */
export interface RelievingStores<Name extends keyof Stores = 'cases'> {
  readonly stores: Pick<Stores, Name>;
  readonly elsewhere: (tenantId: TenantId) => Pick<Stores, Name>;
}

/**
 * Takes a physician's cases off him who goes away: those that he has not begun go back to the queue, those that he reviews are shown to
 * an admin a day later. Within the unit of work that has saved him as somebody who is away, so that he is given none meanwhile.
 */
export const relievePhysician = (
  making: CaseChanging,
  stores: RelievingStores,
  actor: CaseActor,
  physicianId: PhysicianId,
  now: Date,
): Promise<void> => changeEach(making, stores, { actor, physicianId, now }, leave);

/** Ends what was begun while he was away, where he still has the cases; within the unit of work that has saved him as somebody who is back. */
export const reinstatePhysician = (
  making: CaseChanging,
  stores: RelievingStores,
  actor: CaseActor,
  physicianId: PhysicianId,
  now: Date,
): Promise<void> => changeEach(making, stores, { actor, physicianId, now }, comeBack);

interface Occasion {
  readonly actor: CaseActor;
  readonly physicianId: PhysicianId;
  readonly now: Date;
}

async function changeEach(
  { idGenerator }: CaseChanging,
  { stores, elsewhere }: RelievingStores,
  { actor, physicianId, now }: Occasion,
  rule: (found: Case, act: CaseAct) => Transition | null,
): Promise<void> {
  for (const held of await stores.cases.lockOpenOf(physicianId)) {
    const transition = rule(held, caseActOf(idGenerator, actor, now));
    if (!transition) continue;
    const { cases } = elsewhere(held.tenantId);
    const isSaved = await cases.save(caseChangeOf(idGenerator, actor, transition));
    if (!isSaved) throw new Error('A case was changed while it was held.');
  }
}
