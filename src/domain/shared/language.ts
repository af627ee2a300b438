/** A BCP 47 language tag in canonical form, such as `en` or `he`. */
export type Language = string;

/** The language of people who name none. */
export const DEFAULT_LANGUAGE: Language = 'en';

/**
 * The canonical form of a BCP 47 tag (RFC 5646): `iw` is `he`, `EN-us` is `en-US`.
 *
 * @returns `null` where the text is no well-formed tag
 */
export function canonicalLanguage(tag: string): Language | null {
  if (tag.length > 35) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}
