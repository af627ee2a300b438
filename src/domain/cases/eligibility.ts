import type { Physician } from '../identity/physician.ts';
import type { Role } from '../identity/user.ts';
import { DEFAULT_TENANT_ID, type TenantId } from '../shared/ids.ts';
import type { Language } from '../shared/language.ts';
import type { Case } from './case.ts';

/** A physician as somebody whom cases may be given to. */
export interface Assignable {
  readonly physician: Physician;
  /** Of the user behind him. */
  readonly isActive: boolean;
  readonly role: Role;
  /** Cases that he has and that wait for him or for their patient. */
  readonly openCases: number;
}

/** Why a case cannot go to a physician. */
export type Ineligibility =
  | 'out-of-reach'
  | 'inactive'
  | 'on-vacation'
  | 'own-case'
  | 'other-pool'
  | 'other-language'
  | 'limit-reached';

/** What of a case decides who may take it. */
export type Routed = Pick<Case, 'tenantId' | 'patientId' | 'pool' | 'language' | 'flags'>;

/** Whether physicians of one tenant may be given cases of another: those of the practice serve everybody, others their own. */
export const reaches = (physicianTenantId: TenantId, caseTenantId: TenantId): boolean =>
  physicianTenantId === caseTenantId || physicianTenantId === DEFAULT_TENANT_ID;

/** Whether the physician gives no opinions at present: on vacation, disabled, or of another role by now. */
export const isAway = ({ physician, isActive, role }: Assignable): boolean =>
  !isActive || role !== 'physician' || physician.vacationMode;

/** Whether somebody who answers in these languages answers in this one: `en` covers `en-GB` (RFC 4647, basic filtering). */
export const answersIn = (languages: readonly Language[], language: Language): boolean =>
  languages.some((range) => language === range || language.startsWith(`${range}-`));

/** Private pools are closed both ways; cases that have overflowed are open to the shared physicians as well. */
export const sharesPool = (
  { pool, flags }: Pick<Routed, 'pool' | 'flags'>,
  { privatePool }: Pick<Physician, 'privatePool'>,
): boolean => pool === privatePool || (privatePool === null && flags.includes('overflow'));

/**
 * Why the case cannot be given to the physician, whatever his load.
 *
 * @returns `null` where it can
 */
export function mismatchOf(routed: Routed, assignable: Assignable): Ineligibility | null {
  const { physician } = assignable;
  if (!reaches(physician.tenantId, routed.tenantId)) return 'out-of-reach';
  if (!assignable.isActive || assignable.role !== 'physician') return 'inactive';
  if (physician.vacationMode) return 'on-vacation';
  // Somebody who was a patient before gives no opinion on himself.
  if (physician.userId === routed.patientId) return 'own-case';
  if (!sharesPool(routed, physician)) return 'other-pool';
  return answersIn(physician.languages, routed.language) ? null : 'other-language';
}

/**
 * Why the physician cannot take the case himself.
 *
 * @returns `null` where he can
 */
export const ineligibilityOf = (routed: Routed, assignable: Assignable): Ineligibility | null =>
  mismatchOf(routed, assignable) ??
  (assignable.openCases >= assignable.physician.maxOpenCases ? 'limit-reached' : null);
