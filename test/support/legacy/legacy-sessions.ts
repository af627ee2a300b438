import { sign } from 'cookie-signature';
import type { LegacyInstallation } from './legacy-installation.ts';
import type { KnownPerson } from './legacy-people.ts';
import type { Seeded } from './seeded.ts';
import { writtenAs } from './written-identifiers.ts';

/** What a session's two expiries say: the column's and the cookie's. It lives only where both are to come. */
export type SessionState = 'live' | 'dead' | 'dead-by-column' | 'dead-by-cookie';

/** A session of the legacy service (express-session with connect-pg-simple). */
export interface LegacySessionRow<Person> {
  readonly sid: string;
  readonly sess: object;
  /** What `expire` says, as an instant; the column has it in local time of the installation's zone. */
  readonly expire: Date;
  readonly state: SessionState;
  /** Until when it lives, at most: the earlier of both expiries. */
  readonly expiresAt: Date;
  /** `null` for a visitor. */
  readonly person: Person | null;
  /** The value of the cookie `connect.sid` as browsers send it: signed and percent-encoded. */
  readonly cookie: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Near enough to now that whoever reads the column in another time zone is wrong about half of them. */
const SOON = { least: 20 * MINUTE_MS, most: 100 * MINUTE_MS };
const LATER = { least: 2 * DAY_MS, most: 14 * DAY_MS };

/** Sessions of people that have a user id, and of visitors, in every state. */
export function legacySessions<Person extends KnownPerson>(
  seeded: Seeded,
  installation: LegacyInstallation,
  people: readonly Person[],
  now: Date,
): readonly LegacySessionRow<Person>[] {
  const known = people.filter(({ userId }) => userId !== null);
  return Array.from({ length: installation.sessions }, () => {
    const person =
      known.length === 0 || seeded.happens(installation.shares.guests) ? null : seeded.pick(known);
    return legacySession(seeded, installation, person, now);
  });
}

function legacySession<Person extends KnownPerson>(
  seeded: Seeded,
  installation: LegacyInstallation,
  person: Person | null,
  now: Date,
): LegacySessionRow<Person> {
  const { least, most } = seeded.pick([SOON, LATER]);
  const state = seeded.pick(['live', 'live', 'dead', 'dead-by-column', 'dead-by-cookie'] as const);
  const away = (isPast: boolean) => new Date(now.getTime() + (isPast ? -1 : 1) * seeded.between(least, most));
  const cookieExpires = away(state === 'dead' || state === 'dead-by-cookie');
  const columnExpires =
    state === 'live' || state === 'dead' ? cookieExpires : away(state === 'dead-by-column');
  const cookie = {
    originalMaxAge: 14 * DAY_MS,
    expires: cookieExpires.toISOString(),
    secure: true,
    httpOnly: true,
    path: '/',
  };
  const sid = seeded.octets(24).toString('base64url');
  return {
    sid,
    sess: person ? signedInSession({ cookie }, seeded, installation, person) : { cookie },
    // As connect-pg-simple: whole seconds, upwards.
    expire: new Date(Math.ceil(columnExpires.getTime() / 1000) * 1000),
    state,
    expiresAt: new Date(Math.min(columnExpires.getTime(), cookieExpires.getTime())),
    person,
    cookie: encodeURIComponent(`s:${sign(sid, seeded.pick(installation.sessionSecrets))}`),
  };
}

function signedInSession(
  session: object,
  seeded: Seeded,
  { sessionSubject, shares }: LegacyInstallation,
  person: KnownPerson,
): object {
  const subject =
    sessionSubject.holds === 'user-id'
      ? person.userId
      : {
          id: person.userId,
          identifier: writtenAs(seeded, person.kind, person.identifier, shares.odd),
          vendorId: seeded.pick(person.vendor.writings),
        };
  const path = sessionSubject.pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const nested = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), subject);
  return { ...session, ...(nested as object) };
}
