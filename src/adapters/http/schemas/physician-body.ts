import { z } from 'zod';
import type { Physician } from '../../../domain/identity/physician.ts';

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
