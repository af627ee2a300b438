import type { Assignable } from '../../../domain/cases/eligibility.ts';
import type { Physician } from '../../../domain/identity/physician.ts';
import type { PhysicianId, UserId } from '../../../domain/shared/ids.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';

/** The physicians of one tenant. */
export interface PhysicianStore {
  /** @returns `null` where the tenant has no such physician */
  readonly find: (id: PhysicianId) => Promise<Physician | null>;
  /** @returns `null` where the user is no physician (yet) */
  readonly findByUser: (userId: UserId) => Promise<Physician | null>;
  /** Newest first. */
  readonly list: (request: PageRequest) => Promise<Page<Physician>>;
  /** @throws {PhysicianExists} where the user is a physician already, however many try at once */
  readonly add: (physician: Physician) => Promise<void>;
  /**
   * Replaces the physician whose version is one below `physician.version`, and holds it until the unit of work ends: what is given to
   * the physician from then on is given to what he is now.
   *
   * @throws {PhysicianConflict} where it was saved meanwhile
   */
  readonly save: (physician: Physician) => Promise<void>;
  /**
   * A physician as somebody who may be given cases of this tenant: one of its own, or of the practice.
   *
   * @returns `null` where there is none
   */
  readonly findAssignable: (id: PhysicianId) => Promise<Assignable | null>;
  /**
   * The same, held until the unit of work ends: nobody gives him another case, sends him on vacation, disables his account or changes
   * its role meanwhile, and whatever of that others have done is seen.
   */
  readonly lockAssignable: (id: PhysicianId) => Promise<Assignable | null>;
}
