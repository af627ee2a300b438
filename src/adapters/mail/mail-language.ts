import { canonicalLanguage, type Language } from '../../domain/shared/language.ts';
import type { MailTexts } from './mail-texts.ts';
import { ARABIC_TEXTS } from './texts/arabic-texts.ts';
import { ENGLISH_TEXTS } from './texts/english-texts.ts';
import { HEBREW_TEXTS } from './texts/hebrew-texts.ts';
import { RUSSIAN_TEXTS } from './texts/russian-texts.ts';

/** The languages that mails are written in, by their primary subtag (RFC 5646, section 2.2.1). */
export type MailLanguage = 'en' | 'he' | 'ar' | 'ru';

/** Each language, and which way it is read. */
export const MAIL_LANGUAGES = {
  en: { direction: 'ltr', texts: ENGLISH_TEXTS },
  he: { direction: 'rtl', texts: HEBREW_TEXTS },
  ar: { direction: 'rtl', texts: ARABIC_TEXTS },
  ru: { direction: 'ltr', texts: RUSSIAN_TEXTS },
} as const satisfies Record<MailLanguage, { direction: 'ltr' | 'rtl'; texts: MailTexts }>;

const isMailLanguage = (subtag: string): subtag is MailLanguage => Object.hasOwn(MAIL_LANGUAGES, subtag);

/** The language to write to a reader in: by the primary subtag of his, and English where there is no text in it. */
export function mailLanguageOf(language: Language): MailLanguage {
  const primary = canonicalLanguage(language)?.split('-')[0] ?? '';
  return isMailLanguage(primary) ? primary : 'en';
}
