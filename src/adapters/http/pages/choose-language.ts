import { canonicalLanguage } from '../../../domain/shared/language.ts';
import { PAGE_LANGUAGES, type PageLanguage } from './page-language.ts';

/** One entry of `Accept-Language`: a language tag or `*`, and how much it is liked (RFC 9110, section 12.4.2). */
const RANGE = /^([a-z0-9-]+|\*)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;

/**
 * The language for a reader: the one asked for, else the one liked best (RFC 9110, section 12.5.4), else English.
 *
 * @param asked a language tag; what is none, or names a language without a page, counts as not given
 * @param accepted the field `Accept-Language`; entries that are not well-formed are passed over
 */
export const chooseLanguage = (asked = '', accepted = ''): PageLanguage =>
  pageLanguageOf(asked) ?? likedBest(accepted) ?? PAGE_LANGUAGES[0];

/** Regions and scripts make no difference here: `he-IL`, and `iw` as it once was, are `he`. */
function pageLanguageOf(tag: string): PageLanguage | null {
  const language = canonicalLanguage(tag)?.split('-')[0];
  return PAGE_LANGUAGES.find((known) => known === language) ?? null;
}

function likedBest(accepted: string): PageLanguage | null {
  const { liking, others } = likingsOf(accepted);
  const unnamed = PAGE_LANGUAGES.filter((language) => !liking.has(language));
  const ranked = [...liking, ...unnamed.map((language) => [language, others] as const)]
    .filter(([, quality]) => quality > 0)
    // Of those that are liked alike, the one that was named first stays first.
    .toSorted(([, a], [, b]) => b - a);
  return ranked[0]?.[0] ?? null;
}

/** How much each language that is named is liked, and all the others: 0 is not at all. */
function likingsOf(accepted: string): { liking: ReadonlyMap<PageLanguage, number>; others: number } {
  const liking = new Map<PageLanguage, number>();
  let others = 0;
  for (const entry of accepted.split(',')) {
    const [, tag = '', weight = '1'] = RANGE.exec(entry.trim()) ?? [];
    const quality = Number(weight);
    const language = pageLanguageOf(tag);
    if (tag === '*') others = quality;
    else if (language !== null) liking.set(language, Math.max(quality, liking.get(language) ?? 0));
  }
  return { liking, others };
}
