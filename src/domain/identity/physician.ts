import type { PhysicianId, TenantId, UserId } from '../shared/ids.ts';
import type { Language } from '../shared/language.ts';

/** What a user of role `physician` is as a giver of opinions. */
export interface Physician {
  readonly id: PhysicianId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly languagePreference: Language;
  /** Every language that the physician answers in, `languagePreference` among them. */
  readonly languages: readonly Language[];
  /** The closed pool that the physician serves; `null` is the shared one. */
  readonly privatePool: string | null;
  readonly vacationMode: boolean;
  readonly maxOpenCases: number;
}
