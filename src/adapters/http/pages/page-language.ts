/** The languages that pages are written in; the first is for whoever reads none of them. */
export const PAGE_LANGUAGES = ['en', 'he', 'ar', 'ru'] as const;

/** A language that pages are written in. */
export type PageLanguage = (typeof PAGE_LANGUAGES)[number];
