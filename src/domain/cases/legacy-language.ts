import { canonicalLanguage, type Language } from '../shared/language.ts';

/** The tag of texts whose language nobody said (BCP 47, ISO 639-2). */
export const UNDETERMINED: Language = 'und';

/**
 * The language that a legacy request says it is in, in canonical form.
 *
 * @param text as it is stored; `null` where the request says none
 * @returns `und` where that is no language tag
 */
export const legacyLanguage = (text: string | null): Language =>
  canonicalLanguage(text?.trim() ?? '') ?? UNDETERMINED;
