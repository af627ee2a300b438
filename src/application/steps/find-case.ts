import type { SystemActor, UserActor } from '../../domain/access/actor.ts';
import type { Case, QueuedCase } from '../../domain/cases/case.ts';
import { mismatchOf } from '../../domain/cases/eligibility.ts';
import { caseScopeOf } from '../../domain/cases/visibility.ts';
import type { CaseId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * The case, where the actor may see it: his own as a patient, one that he has or that he could take from the queue as a physician, any of
 * the tenant as an admin.
 *
 * @returns `null` for what he may not see
 */
export async function findCase(
  unitOfWork: UnitOfWork<'cases' | 'physicians'>,
  actor: UserActor | SystemActor,
  caseId: CaseId,
): Promise<Case | null> {
  const found = await unitOfWork.stores(actor.tenantId).cases.find(caseId, caseScopeOf(actor));
  return found ?? findInQueue(unitOfWork, actor, caseId);
}

/**
 * The case, where the actor sees it in the queue: as a physician who could take it, whatever his load.
 *
 * @returns `null` for what is not in his queue
 */
export async function findInQueue(
  unitOfWork: UnitOfWork<'cases' | 'physicians'>,
  actor: UserActor | SystemActor,
  caseId: CaseId,
): Promise<QueuedCase | null> {
  if (actor.kind !== 'user' || actor.role !== 'physician') return null;
  const { cases, physicians } = unitOfWork.stores(actor.tenantId);
  const found = await cases.find(caseId, { kind: 'reach' });
  if (found?.state !== 'queued') return null;
  const physician = await physicians.findByUser(actor.userId);
  const assignable = physician && (await physicians.findAssignable(physician.id));
  return assignable && mismatchOf(found, assignable) === null ? found : null;
}
