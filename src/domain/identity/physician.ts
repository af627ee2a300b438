import type { PhysicianId, TenantId, UserId } from '../shared/ids.ts';
import { canonicalLanguage, type Language } from '../shared/language.ts';
import { canonicalPoolName, type PoolName } from '../shared/pool-name.ts';
import { CaseLimitRejected, LanguageRejected, PoolRejected, TooManyLanguages } from './errors.ts';

/** What a user of role `physician` is as a giver of opinions. */
export interface Physician {
  readonly id: PhysicianId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly languagePreference: Language;
  /** Every language that the physician answers in, each once, `languagePreference` first. */
  readonly languages: readonly Language[];
  /** The closed pool that the physician serves; `null` is the shared one. */
  readonly privatePool: PoolName | null;
  /** While it is on, no case comes to the physician, and none stays. */
  readonly vacationMode: boolean;
  /** At so many cases that wait for the physician, no other comes. */
  readonly maxOpenCases: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Grows with each save; a save of a stale version is refused. */
  readonly version: number;
}

/** What an admin may change of a physician. */
export type PhysicianChanges = Partial<
  Pick<Physician, 'languagePreference' | 'languages' | 'privatePool' | 'vacationMode' | 'maxOpenCases'>
>;

/** What a physician may change of himself. */
export type OwnPhysicianChanges = Pick<PhysicianChanges, 'languagePreference' | 'languages' | 'vacationMode'>;

/** What makes a physician: whose account, and the language he prefers; the rest has defaults. */
export type NewPhysician = Pick<Physician, 'tenantId' | 'userId' | 'languagePreference'> & PhysicianChanges;

/** The most languages of one physician. */
export const PHYSICIAN_LANGUAGES_MAX = 20;
/** The most cases that a physician's limit may allow at a time. */
export const OPEN_CASES_MAX = 1000;

/** What a physician has who was told nothing. */
const DEFAULTS = { languages: [], privatePool: null, vacationMode: false, maxOpenCases: 10 } as const;

/**
 * A physician at the first moment.
 *
 * @throws {LanguageRejected}
 * @throws {TooManyLanguages}
 * @throws {PoolRejected}
 * @throws {CaseLimitRejected}
 */
export const createPhysician = (id: PhysicianId, given: NewPhysician, now: Date): Physician => ({
  ...checked({ ...DEFAULTS, ...given }),
  id,
  tenantId: given.tenantId,
  userId: given.userId,
  createdAt: now,
  updatedAt: now,
  version: 1,
});

/**
 * The physician after changes; the very same where they change nothing. A new preference is one more language.
 *
 * @throws {LanguageRejected}
 * @throws {TooManyLanguages}
 * @throws {PoolRejected}
 * @throws {CaseLimitRejected}
 */
export function changePhysician(physician: Physician, changes: PhysicianChanges, now: Date): Physician {
  const changed = checked({ ...physician, ...changes });
  if (isSame(physician, changed)) return physician;
  return { ...physician, ...changed, updatedAt: now, version: physician.version + 1 };
}

type Profile = Required<PhysicianChanges>;

function checked({
  languagePreference,
  languages,
  privatePool,
  vacationMode,
  maxOpenCases,
}: Profile): Profile {
  const preference = languageOf(languagePreference);
  if (!Number.isInteger(maxOpenCases) || maxOpenCases < 1 || maxOpenCases > OPEN_CASES_MAX) {
    throw new CaseLimitRejected();
  }
  return {
    languagePreference: preference,
    languages: withPreference(preference, languages),
    privatePool: privatePool === null ? null : poolOf(privatePool),
    vacationMode,
    maxOpenCases,
  };
}

function languageOf(tag: string): Language {
  const language = canonicalLanguage(tag);
  if (language === null) throw new LanguageRejected();
  return language;
}

function withPreference(preference: Language, tags: readonly string[]): readonly Language[] {
  const languages = [...new Set([preference, ...tags.map(languageOf)])];
  if (languages.length > PHYSICIAN_LANGUAGES_MAX) throw new TooManyLanguages();
  return languages;
}

function poolOf(text: string): PoolName {
  const name = canonicalPoolName(text);
  if (name === null) throw new PoolRejected();
  return name;
}

const isSame = (a: Profile, b: Profile): boolean =>
  a.languages.join() === b.languages.join() &&
  a.privatePool === b.privatePool &&
  a.vacationMode === b.vacationMode &&
  a.maxOpenCases === b.maxOpenCases;
