import { earlier } from '../shared/time.ts';
import { isStorable } from '../shared/text.ts';
import { type JsonPointer, valueAt } from '../shared/json-pointer.ts';
import { IDENTIFIER_MAX_LENGTH } from './legacy-identifier.ts';
import { normalVendorId } from '../shared/vendor-id.ts';

/** The person behind a session of the legacy service, as the session says it. One of the first two is there. */
export interface LegacySubject {
  /** The legacy service's own id of him. */
  readonly userId: string | null;
  /** National id, phone or e-mail. */
  readonly identifier: string | null;
  /** In its normal form. */
  readonly vendorId: string | null;
}

/** A session of the legacy service. */
export interface LegacySession {
  /** It is over then, by everything that says when. */
  readonly expiresAt: Date;
  /** `null` for a guest's. */
  readonly subject: LegacySubject | null;
}

/** A session as a store of express-session holds it. */
export interface ExpressSessionRecord {
  /** The session's data, as JSON. Anything may stand there. */
  readonly json: string;
  /** When the store drops it; `null` where it does not say. */
  readonly expiresAt: Date | null;
}

/** An instant as `Date.toJSON` writes it, or with another offset. What names no zone is no instant. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

const COOKIE_EXPIRES: JsonPointer = ['cookie', 'expires'];

/**
 * Reads a session of express-session. It lives until the earlier of what its store and its cookie say: stores keep rows that are over,
 * and a row that is written again late makes no dead session live. A session that either says no time of has none to live.
 *
 * @param pointer to the subject: to a text, which is the legacy user id, or to an object `{id, identifier, vendorId}`
 * @returns `null` where it is not live at `now`, or its data cannot be read
 */
export function readExpressSession(
  { json, expiresAt }: ExpressSessionRecord,
  pointer: JsonPointer,
  now: Date,
): LegacySession | null {
  const data = parsedSession(json);
  const cookieExpiresAt = cookieExpiryOf(data);
  if (cookieExpiresAt === null || expiresAt === null) return null;
  const end = earlier(cookieExpiresAt, expiresAt);
  // Written so that a time that is none is not later than now.
  return end > now ? { expiresAt: end, subject: subjectAt(data, pointer) } : null;
}

/** A session's data. @returns `null` for what is no JSON */
export function parsedSession(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** When a session is over by its cookie. @returns `null` where that says no instant */
export const cookieExpiryOf = (data: unknown): Date | null => instantOf(valueAt(data, COOKIE_EXPIRES));

/** The person behind a session's data, live or not. @returns `null` where it names nobody there */
export const subjectAt = (data: unknown, pointer: JsonPointer): LegacySubject | null =>
  subjectOf(valueAt(data, pointer));

function instantOf(value: unknown): Date | null {
  if (typeof value !== 'string' || !INSTANT.test(value)) return null;
  const instant = new Date(value);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

function subjectOf(value: unknown): LegacySubject | null {
  const subject =
    typeof value === 'object'
      ? {
          userId: textOf(valueAt(value, ['id'])),
          identifier: textOf(valueAt(value, ['identifier'])),
          vendorId: normalVendorId(textOf(valueAt(value, ['vendorId']))),
        }
      : { userId: textOf(value), identifier: null, vendorId: null };
  return subject.userId === null && subject.identifier === null ? null : subject;
}

/** A text that can be an id; ids that are numbers are written as such. */
function textOf(value: unknown): string | null {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || text.trim() === '') return null;
  return text.length <= IDENTIFIER_MAX_LENGTH && isStorable(text) ? text : null;
}
