import type { SystemActor, UserActor } from '../../domain/access/actor.ts';
import { changePhysician, type Physician, type PhysicianChanges } from '../../domain/identity/physician.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Stores } from '../ports/unit-of-work.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import { physicianDetails } from './physician-details.ts';
import { reinstatePhysician, relievePhysician } from './relieve-physician.ts';

/** What changing a physician needs. */
export interface PhysicianSaving {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
}

/** A physician, and what shall change of him. */
export interface PhysicianChange {
  readonly before: Physician;
  readonly changes: PhysicianChanges;
}

/** The stores that it reaches. */
export type PhysicianStores = Pick<Stores, 'physicians' | 'cases' | 'audit'>;

/**
 * Keeps the changes of a physician with the audit entry that tells of them; nothing where they change nothing. Where a vacation
 * begins, the physician's cases go back in the same unit of work; where one ends, what he still has is his as before.
 *
 * @throws {LanguageRejected}
 * @throws {TooManyLanguages}
 * @throws {PoolRejected}
 * @throws {CaseLimitRejected}
 * @throws {PhysicianConflict} where the physician was changed meanwhile
 */
export async function savePhysician(
  deps: PhysicianSaving,
  stores: PhysicianStores,
  elsewhere: (tenantId: TenantId) => PhysicianStores,
  actor: UserActor | SystemActor,
  { before, changes }: PhysicianChange,
): Promise<Physician> {
  const now = deps.clock.now();
  const after = changePhysician(before, changes, now);
  if (after === before) return before;
  // Saved first, which holds the physician: whoever gives him a case meanwhile waits, and then sees the vacation.
  await stores.physicians.save(after);
  if (after.vacationMode && !before.vacationMode) {
    await relievePhysician(deps, { stores, elsewhere }, actor, after.id, now);
  }
  if (before.vacationMode && !after.vacationMode) {
    await reinstatePhysician(deps, { stores, elsewhere }, actor, after.id, now);
  }
  const act = {
    action: 'identity.physician-changed',
    subject: { type: 'physician', id: after.id },
    details: physicianDetails(after),
  };
  await stores.audit.add(auditEntryOf(deps.idGenerator, actor, act, now));
  return after;
}
