import { z } from 'zod';
import { canonicalLanguage } from '../../../domain/shared/language.ts';

/** A language tag (BCP 47), brought into its canonical form. */
export const LanguageTag = z
  .string()
  .transform((tag, context) => {
    const language = canonicalLanguage(tag);
    if (language !== null) return language;
    context.addIssue({
      code: 'custom',
      params: { detail: 'Must be a language tag (BCP 47), such as en or he.' },
    });
    return z.NEVER;
  })
  .meta({ description: 'Language tag (BCP 47)', examples: ['en'] });
