import type { Physician } from '../../../domain/identity/physician.ts';
import type { UserId } from '../../../domain/shared/ids.ts';

/** The physicians of one tenant. */
export interface PhysicianStore {
  /** @returns `null` where the user is no physician (yet) */
  readonly findByUser: (userId: UserId) => Promise<Physician | null>;
}
