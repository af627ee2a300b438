import { z } from 'zod';
import { isTimeZone } from '../../adapters/postgres/legacy-survey/time-zones.ts';
import { parseJsonPointer } from '../../domain/shared/json-pointer.ts';

/** Secrets of the legacy service's cookies; any of them may have signed one. */
export const sessionSecrets = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .refine((secrets) => secrets.every((secret) => secret !== ''), {
    error: 'must be secrets separated by commas, none of them empty',
  });

/**
 * Names as the IANA database has them. Offsets and most abbreviations are none: PostgreSQL reads `+02` as west of Greenwich, and `IST`
 * as another zone than others do.
 */
const ZONE_NAME = /^(?:utc|gmt|[a-z][a-z0-9_-]{4,}|[a-z]+(?:\/[a-z0-9_+-]+)+)$/i;

/** The zone in which the legacy service writes times that name none. */
export const sessionTimeZone = z.string().refine((text) => ZONE_NAME.test(text) && isTimeZone(text), {
  error: 'must be a name of the IANA time zone database, such as Asia/Jerusalem',
});

/** Where in a legacy session its subject is (RFC 6901). */
export const sessionPointer = z.string().transform((text, context) => {
  const pointer = parseJsonPointer(text);
  if (pointer) return pointer;
  context.addIssue({ code: 'custom', message: 'must be a JSON pointer (RFC 6901), such as /passport/user' });
  return z.NEVER;
});

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = z.iso.datetime({ offset: true });
const DAY_MS = 86_400_000;

/** When legacy sessions stop counting: an instant, or the end of a day in UTC. */
export const sunset = z.string().transform((text, context) => {
  if (DATE.test(text) && z.iso.date().safeParse(text).success) {
    return new Date(Date.parse(`${text}T00:00:00Z`) + DAY_MS);
  }
  if (INSTANT.safeParse(text).success) return new Date(text);
  const message = 'must be a date such as 2027-06-30, or an instant such as 2027-06-30T18:00:00Z';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});
