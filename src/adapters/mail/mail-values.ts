import type { MailContent } from '../../application/ports/gateways/mail-content.ts';
import { LINK_CODE_SECONDS } from '../../domain/legacy/legacy-link.ts';
import { MAIL_LANGUAGES, type MailLanguage } from './mail-language.ts';
import type { MailLink } from './mail-link.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** What stands in the places that texts leave open, by the name of the place. */
export type MailValues = Readonly<Record<string, string>>;

/** A moment in the reader's language. In UTC, and it says so: his time zone is not known. */
const moment = (language: MailLanguage, instant: string): string =>
  new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(new Date(instant));

function unitOf(seconds: number): readonly [unit: string, size: number] {
  if (seconds % DAY === 0 && seconds > DAY) return ['day', DAY];
  return seconds % HOUR === 0 ? ['hour', HOUR] : ['minute', MINUTE];
}

/** A lifetime in the reader's language: whole days from two on, hours below, minutes below an hour. */
function duration(language: MailLanguage, seconds: number): string {
  if (seconds === HOUR) return MAIL_LANGUAGES[language].texts.oneHour;
  const [unit, size] = unitOf(seconds);
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size);
}

/** The values of one mail, in the reader's language; `lifetime` is the one of its link, in seconds. */
export function mailValues(
  content: MailContent,
  lifetime: MailLink['lifetime'],
  language: MailLanguage,
): MailValues {
  return {
    ...('code' in content && { code: content.code, validFor: duration(language, LINK_CODE_SECONDS) }),
    ...('factor' in content && { factor: MAIL_LANGUAGES[language].texts.factors[content.factor] }),
    ...('remaining' in content && {
      remaining: new Intl.NumberFormat(language).format(content.remaining),
    }),
    ...('dueAt' in content && { dueAt: moment(language, content.dueAt) }),
    ...('expiresAt' in content && { expiresAt: moment(language, content.expiresAt) }),
    ...('caseId' in content && { caseId: content.caseId }),
    ...('grantId' in content && { grantId: content.grantId }),
    ...(lifetime !== null && { validFor: duration(language, lifetime) }),
  };
}
