import { legacyPeople, type KnownPerson } from './legacy/legacy-people.ts';
import { legacyRequests, type LegacyRequestRow } from './legacy/legacy-requests.ts';
import { legacySessions, type LegacySessionRow } from './legacy/legacy-sessions.ts';
import { createLegacyTables, fillLegacyTables, type LegacyCheckRow } from './legacy/legacy-tables.ts';
import type { LegacyInstallation } from './legacy/legacy-installation.ts';
import { Seeded } from './legacy/seeded.ts';
import { usualInstallation } from './legacy/usual-installation.ts';
import { type WrittenKind, writtenAs } from './legacy/written-identifiers.ts';
import { withClient } from './legacy-service.ts';

/** Somebody whom the legacy service knows. */
export interface LegacyPerson {
  /** Trimmed and in lower case; `null` where his rows name no vendor. */
  readonly vendorId: string | null;
  readonly kind: WrittenKind;
  /** In its normal form; no placeholder. */
  readonly identifier: string;
  /** As stored; `null` where the legacy service gave none. */
  readonly userId: string | null;
  /** The e-mail address that his own rows hold, in lower case: to where a code may go. */
  readonly contact: string | null;
  /** Whether the identifier has several user ids at his vendor, so that nothing but an admin decides whose it is. */
  readonly isShared: boolean;
  /** Ids of the rows with his vendor and his identifier, however they are written. Never empty. */
  readonly byIdentifier: readonly string[];
  /** Ids of the rows with his vendor and his user id. */
  readonly byUserId: readonly string[];
}

/** A session, and whose cookie it is. */
export type LegacySession = LegacySessionRow<LegacyPerson>;

/** What a database of the legacy service holds. */
export interface LegacyDatabase {
  readonly installation: LegacyInstallation;
  readonly people: readonly LegacyPerson[];
  readonly sessions: readonly LegacySession[];
  readonly requests: readonly LegacyRequestRow[];
  readonly checks: readonly LegacyCheckRow[];
  /** Ids of the rows that are nobody's: placeholders, blanks, wrong check digits. */
  readonly strays: readonly string[];
}

/**
 * Makes up what the tables of an installation hold. The same seed and the same `now` give the same; no real person is meant.
 *
 * @param now what rows are older than, and what sessions live or are dead at
 */
export function makeUpLegacy(installation: LegacyInstallation, now = new Date()): LegacyDatabase {
  const seeded = new Seeded(installation.seed);
  const known = legacyPeople(seeded, installation);
  const requests = legacyRequests(seeded, installation, known, now);
  const people = withRows(known, requests);
  return {
    installation,
    people,
    sessions: legacySessions(seeded, installation, people, now),
    requests,
    checks: checksOf(seeded, installation, known, now),
    strays: requests.filter((row) => row.of === null).map(({ uuid }) => uuid),
  };
}

/** Makes the legacy tables in a database that has none, fills them, and returns what is in them. */
export async function makeLegacyDatabase(
  url: string,
  installation: LegacyInstallation = usualInstallation,
  now = new Date(),
): Promise<LegacyDatabase> {
  const made = makeUpLegacy(installation, now);
  await withClient(url, async (client) => {
    await createLegacyTables(client, installation);
    await fillLegacyTables(client, installation, made);
  });
  return made;
}

function withRows(
  known: readonly KnownPerson[],
  requests: readonly LegacyRequestRow[],
): readonly (LegacyPerson & KnownPerson)[] {
  const rowsBy = (keyOf: (person: KnownPerson, row?: LegacyRequestRow) => string | null) => {
    const rows = Map.groupBy(requests, (row) => (row.of ? keyOf(row.of, row) : null));
    return (person: KnownPerson): readonly string[] => {
      const key = keyOf(person);
      return key === null ? [] : (rows.get(key) ?? []).map(({ uuid }) => uuid);
    };
  };
  const byIdentifier = rowsBy(({ identifier, vendor }, row) =>
    row && (row.user_identifier ?? '') === '' ? null : JSON.stringify([vendor.vendorId, identifier]),
  );
  const byUserId = rowsBy(({ userId, vendor }, row) =>
    userId === null || row?.user_id === null ? null : JSON.stringify([vendor.vendorId, userId]),
  );
  return known.map((person) => ({
    ...person,
    vendorId: person.vendor.vendorId,
    contact: [person.identifier, person.userId].find((text) => text?.includes('@')) ?? null,
    byIdentifier: byIdentifier(person),
    byUserId: byUserId(person),
  }));
}

const checksOf = (
  seeded: Seeded,
  { checks, shares }: LegacyInstallation,
  people: readonly KnownPerson[],
  now: Date,
): readonly LegacyCheckRow[] =>
  Array.from({ length: people.length === 0 ? 0 : checks }, () => {
    const { identifier, kind, vendor } = seeded.pick(people);
    const is_valid = seeded.happens(0.8);
    return {
      user_identifier: writtenAs(seeded, kind, identifier, shares.odd),
      vendor_id: seeded.pick(vendor.writings),
      is_valid,
      status_code: is_valid ? 200 : 504,
      created_at: new Date(now.getTime() - seeded.between(1, 900) * 86_400_000).toISOString(),
    };
  });
