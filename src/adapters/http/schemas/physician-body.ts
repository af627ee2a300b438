import { z } from 'zod';
import {
  OPEN_CASES_MAX,
  type Physician,
  PHYSICIAN_LANGUAGES_MAX,
} from '../../../domain/identity/physician.ts';
import { LanguageTag } from './language-tag.ts';
import { PoolName } from './pool-name.ts';

/** The fields of a physician that an admin sets. */
export const PhysicianFields = z.strictObject({
  languagePreference: LanguageTag,
  languages: z
    .array(LanguageTag)
    .max(PHYSICIAN_LANGUAGES_MAX)
    .meta({ description: 'The preferred one is put in front, and added where it is missing' }),
  privatePool: PoolName.nullable(),
  vacationMode: z.boolean(),
  maxOpenCases: z.int().min(1).max(OPEN_CASES_MAX),
});

/** Those that a physician sets himself. */
export const OwnPhysicianFields = PhysicianFields.pick({
  languagePreference: true,
  languages: true,
  vacationMode: true,
});

/** What a user of role `physician` is as a giver of opinions. */
export const PhysicianBody = z
  .object({
    id: z.uuid(),
    userId: z.uuid(),
    languagePreference: z.string(),
    languages: z.array(z.string()),
    privatePool: z.string().nullable(),
    vacationMode: z.boolean(),
    maxOpenCases: z.int(),
  })
  .meta({ id: 'Physician' });

/** How a physician is sent. */
export const physicianBody = (physician: Physician): z.input<typeof PhysicianBody> => ({
  id: physician.id,
  userId: physician.userId,
  languagePreference: physician.languagePreference,
  languages: [...physician.languages],
  privatePool: physician.privatePool,
  vacationMode: physician.vacationMode,
  maxOpenCases: physician.maxOpenCases,
});
