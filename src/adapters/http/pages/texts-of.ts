import type { PageLanguage } from './page-language.ts';
import type { PageTexts } from './page-texts.ts';
import { ar } from './texts/ar.ts';
import { en } from './texts/en.ts';
import { he } from './texts/he.ts';
import { ru } from './texts/ru.ts';

const TEXTS = { en, he, ar, ru } satisfies Readonly<Record<PageLanguage, PageTexts>>;

/** What the pages say in a language. */
export const textsOf = (language: PageLanguage): PageTexts => TEXTS[language];
