import { usualZone } from '../../adapters/postgres/legacy-survey/time-zones.ts';
import type {
  LegacyFacts,
  RequestFacts,
  SessionFacts,
  SessionStoreShape,
} from '../../adapters/postgres/legacy-survey/legacy-facts.ts';
import { expiryNamesZone } from './expiry-column.ts';
import { counted } from './in-words.ts';
import type { Surprise } from './surprise.ts';

/** Fewer identifiers than these say nothing of how an installation writes them. */
const TELLING_ROWS = 20;

function requestSurprises({ identifiers, userIds, withoutNormalForm }: RequestFacts): readonly Surprise[] {
  const kinds = Object.values(identifiers);
  const severalUserIds = kinds.reduce((sum, { ofSeveralUserIds }) => sum + ofSeveralUserIds, 0);
  const withNormalForm = kinds.reduce((sum, { rows }) => sum + rows, 0);
  const found: Surprise[] = [];
  if (severalUserIds > 0) {
    found.push({
      code: 'several-user-ids',
      found: `${counted(severalUserIds, 'identifier')} stand beside several user ids of one vendor.`,
      todo: 'Nobody gets these by proof alone: such a claim waits for an admin. Decide with the vendor whose they are.',
    });
  }
  if (userIds.ofSeveralNationalIds > 0) {
    found.push({
      code: 'shared-user-ids',
      found: `${counted(userIds.ofSeveralNationalIds, 'user id')} stand beside several national ids: several people may share one.`,
      todo: 'Do not link by legacy_user_id before you know why: who links such an id gets the requests of all of them.',
    });
  }
  if (withoutNormalForm >= TELLING_ROWS && withoutNormalForm > withNormalForm) {
    found.push({
      code: 'unknown-identifiers',
      found: `Most identifiers (${String(withoutNormalForm)}) are no national id, phone number or e-mail address.`,
      todo: 'Where a vendor writes its own ids there, say so in VENDORS: "identifierKind": "legacy_user_id".',
    });
  }
  return found;
}

function storeSurprises(shape: SessionStoreShape): readonly Surprise[] {
  if (shape === 'none' || shape === 'connect-pg-simple') return [];
  const found =
    shape === 'connect-typeorm'
      ? 'nest_sessions has the shape of connect-typeorm, not of connect-pg-simple.'
      : 'nest_sessions has another shape than connect-pg-simple gives it (sid text, sess json or jsonb, expire timestamp).';
  return [
    {
      code: 'session-store-unknown',
      found,
      todo: 'Leave LEGACY_SESSION_SECRETS unset: legacy sessions cannot be exchanged here. All else works without them.',
    },
  ];
}

function timeZoneSurprises(facts: SessionFacts, configured: string | null): readonly Surprise[] {
  if (facts.rows === facts.unreadable + facts.withoutExpiry) return [];
  if (facts.timeZones.length === 0) {
    return configured !== null && facts.offsets.length === 0
      ? []
      : [
          {
            code: 'session-time-zone-unknown',
            found:
              facts.offsets.length === 0
                ? 'No session tells in which time zone nest_sessions.expire is written: each was moved on after its cookie was.'
                : 'No single time zone explains nest_sessions.expire: several writers may be in several time zones.',
            todo: 'Ask for the TimeZone of the legacy service’s database sessions (SHOW TimeZone there), and set LEGACY_SESSION_TIME_ZONE to it.',
          },
        ];
  }
  if (configured === null || facts.timeZones.includes(usualZone(configured))) return [];
  return [
    {
      code: 'session-time-zone-wrong',
      found: `LEGACY_SESSION_TIME_ZONE is ${configured}, and nest_sessions.expire is not written in it.`,
      todo: `Set it to ${facts.timeZones[0] ?? ''}, or dead sessions may pass for live ones.`,
    },
  ];
}

function subjectSurprises({
  configured,
  rows,
  signedIn,
  unreadable,
  withoutExpiry,
}: SessionFacts): readonly Surprise[] {
  const found: Surprise[] = [];
  if (rows > 0 && unreadable + withoutExpiry === rows) {
    found.push({
      code: 'sessions-unreadable',
      found: 'No session holds JSON with cookie.expires, by which it is known to live.',
      todo: 'Leave LEGACY_SESSION_SECRETS unset: legacy sessions cannot be exchanged here.',
    });
  }
  if (configured && signedIn > 0 && configured.usable === 0) {
    found.push({
      code: 'session-subject-wrong',
      found: `LEGACY_SESSION_SUBJECT points to nothing that names a person in any of ${counted(rows, 'session')}.`,
      todo: 'Set it to one of the places that are listed above.',
    });
  }
  return found;
}

/** What is surprising about what the legacy service's tables hold. */
export function rowSurprises(facts: LegacyFacts, sessionTimeZone: string | null): readonly Surprise[] {
  const { requests, sessions, sessionStore } = facts;
  return [
    ...(requests && 'rows' in requests ? requestSurprises(requests) : []),
    ...storeSurprises(sessionStore),
    ...(sessions && 'rows' in sessions
      ? [
          ...(expiryNamesZone(facts) ? [] : timeZoneSurprises(sessions, sessionTimeZone)),
          ...subjectSurprises(sessions),
        ]
      : []),
  ];
}
