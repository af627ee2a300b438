import { type JsonPointer, valueAt, writeJsonPointer } from '../../../domain/shared/json-pointer.ts';
import { cookieExpiryOf, parsedSession, subjectAt } from '../../../domain/legacy/legacy-session.ts';
import { isNamed, textPlaces } from './json-places.ts';
import type { SessionFacts, SessionOffset, SubjectPlace } from './legacy-facts.ts';
import { minutesAhead, timeZonesOf, type ClockReading } from './time-zones.ts';

const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
/** Milliseconds by which the two expiries of one session differ besides the time zone: one of them is rounded up to a second. */
const ROUNDING_MS = 2_000;
/** No clock is further from UTC than that. */
const FARTHEST_MINUTES = 14 * 60;
/** Readings of clocks that are kept: one a day and offset. */
const MAX_READINGS = 400;
const MAX_PLACES = 2_000;
/** Offsets of fewer sessions than one in so many are chance: sessions that were moved on by whole quarters of an hour. */
const CHANCE = 20;
/** Places that are told, of those that hold somebody's id. */
const TOLD_PLACES = 8;

/** How sessions are judged. */
export interface SessionQuestions {
  readonly now: Date;
  /** `LEGACY_SESSION_TIME_ZONE`; `null` where it is not set. */
  readonly timeZone: string | null;
  /** `LEGACY_SESSION_SUBJECT`; `null` where it is not set. */
  readonly subject: JsonPointer | null;
  /** Time zones to be preferred where several fit, such as the server's. */
  readonly likelyZones: readonly string[];
  /** Whether `expire` is an instant, so that no time zone is needed. */
  readonly isInstant: boolean;
  readonly isUserId: (text: string) => boolean;
  readonly isIdentifier: (text: string) => boolean;
}

type Place = { -readonly [Key in Exclude<keyof SubjectPlace, 'pointer'>]: SubjectPlace[Key] };

/** Counts the rows of the session store one by one. */
export class SessionTally {
  readonly #questions: SessionQuestions;
  #rows = 0;
  #unreadable = 0;
  #withoutExpiry = 0;
  #movedOn = 0;
  #signedIn = 0;
  #configured = { sessions: 0, usable: 0 };
  readonly #offsets = new Map<number, number>();
  readonly #readings = new Map<string, ClockReading>();
  readonly #places = new Map<string, Place>();
  /**
   * Milliseconds that `expire` shows of each session, and those at which its cookie ends; minus infinity where either is not told: such
   * a session is not live.
   */
  readonly #shown: number[] = [];
  readonly #cookies: number[] = [];

  constructor(questions: SessionQuestions) {
    this.#questions = questions;
  }

  /**
   * Counts one session.
   *
   * @param json what the store keeps of it, as text
   * @param shown milliseconds since the epoch that `expire` would mean in UTC
   */
  add(json: string | null, shown: number | null): void {
    this.#rows += 1;
    const session = json === null ? null : parsedSession(json);
    if (typeof session !== 'object' || session === null) {
      this.#unreadable += 1;
      return;
    }
    const cookie = cookieExpiryOf(session)?.getTime() ?? null;
    if (cookie === null) this.#withoutExpiry += 1;
    this.#shown.push(shown ?? -Infinity);
    this.#cookies.push(cookie ?? -Infinity);
    if (cookie !== null && shown !== null && Number.isFinite(shown)) this.#readClock(shown, cookie);
    this.#addPlaces(session);
    this.#addSubject(session);
  }

  facts(isWhole: boolean): SessionFacts {
    const { isInstant, likelyZones, subject, timeZone } = this.#questions;
    const offsets = this.#commonOffsets();
    const minutes = new Set(offsets.map((offset) => offset.minutes));
    const readings = [...this.#readings.values()].filter((reading) => minutes.has(reading.minutes));
    const timeZones = isInstant ? [] : timeZonesOf(readings, likelyZones);
    const countedIn = isInstant ? 'UTC' : (timeZone ?? timeZones[0] ?? null);
    return {
      rows: this.#rows,
      isWhole,
      unreadable: this.#unreadable,
      withoutExpiry: this.#withoutExpiry,
      offsets: isInstant ? [] : offsets,
      movedOn: this.#movedOn,
      timeZones,
      countedIn,
      ...this.#lives(countedIn),
      signedIn: this.#signedIn,
      places: this.#toldPlaces(),
      configured: subject === null ? null : { pointer: writeJsonPointer(subject), ...this.#configured },
    };
  }

  #readClock(shown: number, cookie: number): void {
    const ahead = shown - cookie;
    const minutes = Math.round(ahead / QUARTER_MS) * 15;
    if (Math.abs(ahead - minutes * 60_000) > ROUNDING_MS || Math.abs(minutes) > FARTHEST_MINUTES) {
      this.#movedOn += 1;
      return;
    }
    this.#offsets.set(minutes, (this.#offsets.get(minutes) ?? 0) + 1);
    const day = `${Math.floor(cookie / DAY_MS)}:${minutes}`;
    if (this.#readings.size < MAX_READINGS) this.#readings.set(day, { at: cookie, minutes });
  }

  #commonOffsets(): readonly SessionOffset[] {
    const counted = [...this.#offsets].map(([minutes, sessions]) => ({ minutes, sessions }));
    const all = counted.reduce((sum, { sessions }) => sum + sessions, 0);
    return counted
      .filter(({ sessions }) => sessions * CHANCE >= all)
      .toSorted((one, other) => other.sessions - one.sessions);
  }

  /** Both expiries have to be in the future. What `expire` shows is held against what a clock in the zone shows now. */
  #lives(zone: string | null): Pick<SessionFacts, 'live' | 'dead' | 'deadByOne'> {
    const now = this.#questions.now.getTime();
    const shownNow = now + minutesAhead(zone ?? 'UTC', now) * 60_000;
    let [live, deadByOne] = [0, 0];
    for (const [index, shown] of this.#shown.entries()) {
      const [isOne, isOther] = [shown > shownNow, (this.#cookies[index] ?? 0) > now];
      if (isOne && isOther) live += 1;
      else if (isOne || isOther) deadByOne += 1;
    }
    return { live, dead: this.#shown.length - live, deadByOne };
  }

  #addPlaces(session: object): void {
    const { isIdentifier, isUserId } = this.#questions;
    let isSignedIn = false;
    for (const [pointer, text] of textPlaces(session)) {
      if (pointer.startsWith('/cookie/') || text.trim() === '') continue;
      const place = this.#place(pointer);
      if (!place) continue;
      place.sessions += 1;
      const [asUserId, asIdentifier] = [isUserId(text), isIdentifier(text)];
      if (asUserId) place.userIds += 1;
      if (asIdentifier) place.identifiers += 1;
      isSignedIn ||= asUserId || asIdentifier;
    }
    if (isSignedIn) this.#signedIn += 1;
  }

  #addSubject(session: object): void {
    const { subject } = this.#questions;
    if (!subject || valueAt(session, subject) == null) return;
    this.#configured.sessions += 1;
    if (subjectAt(session, subject)) this.#configured.usable += 1;
  }

  #place(pointer: string): Place | null {
    const known = this.#places.get(pointer);
    if (known) return known;
    if (!isNamed(pointer) || this.#places.size >= MAX_PLACES) return null;
    const place = { sessions: 0, userIds: 0, identifiers: 0 };
    this.#places.set(pointer, place);
    return place;
  }

  #toldPlaces(): readonly SubjectPlace[] {
    return [...this.#places]
      .map(([pointer, place]) => ({ pointer, ...place }))
      .filter(({ identifiers, userIds }) => userIds + identifiers > 0)
      .toSorted((one, other) => other.userIds + other.identifiers - one.userIds - one.identifiers)
      .slice(0, TOLD_PLACES);
  }
}
