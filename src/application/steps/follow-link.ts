import type { Actor } from '../../domain/access/actor.ts';
import { CaseConflict } from '../../domain/cases/errors.ts';
import { giveToPatient, takeFromPatient } from '../../domain/cases/workflow.ts';
import type { CaseId, UserId } from '../../domain/shared/ids.ts';
import type { StampedCase } from '../ports/stores/legacy-link-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Stores } from '../ports/unit-of-work.ts';
import { caseActOf, caseChangeOf } from './case-change.ts';

/** How often a case is looked at again that others act on at the same moment. */
const TRIES = 5;

/** What following a link needs besides the stores. */
export interface LinkFollowing {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
}

/** Rows whose owner is another one now. */
export interface FollowedLink {
  /** Who linked the account to the record, or parted the two. */
  readonly actor: Actor;
  readonly stamped: readonly StampedCase[];
  /** Whose they are; `null` where they are nobody's again. */
  readonly userId: UserId | null;
}

/**
 * Lets the cases that legacy rows were given follow their rows to another owner, whatever has become of them; within the unit of work
 * that moves the rows. Each gets its event and its audit entry. Rows without a workflow have nothing that would have to follow.
 *
 * @throws {CaseConflict} where others go on acting on a case faster than it can be followed: nothing is to be kept
 */
export async function followLink(
  deps: LinkFollowing,
  stores: Pick<Stores, 'cases'>,
  { stamped, ...owner }: FollowedLink,
): Promise<void> {
  for (const { caseId, isAdopted } of stamped) {
    if (isAdopted && !(await follow(deps, stores, owner, caseId))) throw new CaseConflict();
  }
}

async function follow(
  { clock, idGenerator }: LinkFollowing,
  { cases }: Pick<Stores, 'cases'>,
  { actor, userId }: Omit<FollowedLink, 'stamped'>,
  caseId: CaseId,
): Promise<boolean> {
  // Whoever has yet to enrol a factor links nothing, and has no role that an event could name.
  const by = actor.kind === 'enrolling' ? ({ kind: 'anonymous' } as const) : actor;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await cases.find(caseId, { kind: 'tenant' });
    if (!found || found.state === 'legacy' || found.patientId === userId) return true;
    const act = caseActOf(idGenerator, by, clock.now());
    const transition = userId === null ? takeFromPatient(found, act) : giveToPatient(found, userId, act);
    if (await cases.save(caseChangeOf(idGenerator, by, transition))) return true;
  }
  return false;
}
