import type { SessionFacts, SessionStoreShape } from '../../adapters/postgres/legacy-survey/legacy-facts.ts';
import { expiryNamesZone } from './expiry-column.ts';
import { counted, offsetInWords } from './in-words.ts';
import type { Inspection } from './inspection.ts';

const SHAPES: Readonly<Record<SessionStoreShape, string>> = {
  none: 'none',
  'connect-pg-simple': 'connect-pg-simple',
  'connect-typeorm': 'connect-typeorm, which this release cannot read',
  unknown: 'not known',
};
/** Time zones that are named, of those that fit. */
const MAX_ZONES = 6;

function timeZoneLines({ movedOn, offsets, timeZones }: SessionFacts, hasZone: boolean): readonly string[] {
  if (hasZone) return ['expire names its time zone: LEGACY_SESSION_TIME_ZONE does not matter'];
  const [best, ...others] = timeZones;
  const seen = offsets.map(
    ({ minutes, sessions }) => `${offsetInWords(minutes)} in ${counted(sessions, 'session')}`,
  );
  const unclear = movedOn === 0 ? '' : `; ${counted(movedOn, 'session')} moved on since, which tell nothing`;
  const alike = best === 'UTC' ? [] : others.slice(0, MAX_ZONES);
  return [
    `expire is ahead of the cookie's own expiry by: ${seen.length === 0 ? 'nothing clear' : seen.join(', ')}${unclear}`,
    best === undefined
      ? 'the time zone of expire cannot be told from the sessions'
      : `LEGACY_SESSION_TIME_ZONE should be ${best}${alike.length === 0 ? '' : `, or another of ${counted(timeZones.length, 'zone')} whose clocks agree, such as ${alike.join(', ')}`}`,
  ];
}

function placeLines({ configured, places, signedIn }: SessionFacts): readonly string[] {
  const found = places.map(
    ({ identifiers, pointer, sessions, userIds }) =>
      `${pointer}: in ${counted(sessions, 'session')}; the user id of a request in ${String(userIds)}, its identifier in ${String(identifiers)}`,
  );
  const objects = [...new Set(places.map(({ pointer }) => /^(.+)\/(?:id|identifier)$/.exec(pointer)?.[1]))];
  const suggested = objects.find((pointer) => pointer !== undefined) ?? places[0]?.pointer;
  return [
    `of somebody who has requests: ${counted(signedIn, 'session')}`,
    ...found,
    ...(suggested === undefined ? [] : [`LEGACY_SESSION_SUBJECT could be ${suggested}`]),
    ...(configured
      ? [
          `LEGACY_SESSION_SUBJECT is ${configured.pointer}: something is there in ${counted(configured.sessions, 'session')}, and names a person in ${String(configured.usable)}`,
        ]
      : []),
  ];
}

/** What the session store is and says, in words. */
export function sessionLines({ sessionStore, sessions, tables }: Inspection): readonly string[] {
  const shape = `session store: ${SHAPES[sessionStore]}`;
  if (sessions === null || 'unread' in sessions) return [shape];
  if (sessions.rows === 0) return [shape];
  return [
    shape,
    ...timeZoneLines(sessions, expiryNamesZone({ tables })),
    `${String(sessions.live)} live, ${String(sessions.dead)} dead (${String(sessions.deadByOne)} by one of their two expiries only), ` +
      `in ${sessions.countedIn ?? 'UTC, for want of a time zone'}`,
    `without an expiry of the cookie: ${String(sessions.withoutExpiry)}; unreadable: ${String(sessions.unreadable)}`,
    ...placeLines(sessions),
  ];
}
