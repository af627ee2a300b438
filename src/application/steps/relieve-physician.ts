import { leave } from '../../domain/cases/workflow.ts';
import type { PhysicianId, TenantId } from '../../domain/shared/ids.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Stores } from '../ports/unit-of-work.ts';
import { caseActOf, type CaseActor, caseChangeOf } from './case-change.ts';

/** The stores of a unit of work on the physician's tenant, and in it those of the tenants that he serves. */
export interface RelievingStores {
  readonly stores: Pick<Stores, 'cases'>;
  readonly elsewhere: (tenantId: TenantId) => Pick<Stores, 'cases'>;
}

/**
 * Takes a physician's cases off him who goes away: those that he has not begun go back to the queue, those that he reviews are shown to
 * an admin a day later. Within the unit of work that has saved him as somebody who is away, so that he is given none meanwhile.
 */
export async function relievePhysician(
  { idGenerator }: { readonly idGenerator: IdGenerator },
  { stores, elsewhere }: RelievingStores,
  actor: CaseActor,
  physicianId: PhysicianId,
  now: Date,
): Promise<void> {
  for (const held of await stores.cases.lockOpenOf(physicianId)) {
    const transition = leave(held, caseActOf(idGenerator, actor, now));
    if (!transition) continue;
    const { cases } = elsewhere(held.tenantId);
    const isSaved = await cases.save(caseChangeOf(idGenerator, actor, transition));
    if (!isSaved) throw new Error('A case was changed while it was held.');
  }
}
