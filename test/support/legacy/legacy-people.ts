import type { LegacyInstallation, WrittenVendor } from './legacy-installation.ts';
import type { Seeded } from './seeded.ts';
import { identifierOf, type WrittenKind } from './written-identifiers.ts';

/** Whom some rows of the legacy tables are about, before there are rows. */
export interface KnownPerson {
  readonly vendor: WrittenVendor;
  readonly kind: WrittenKind;
  /** In its normal form. */
  readonly identifier: string;
  /** As stored; `null` where the legacy service gave none. */
  readonly userId: string | null;
  /** Whether somebody else of the same vendor has the identifier, under another user id. */
  readonly isShared: boolean;
}

const KINDS: readonly WrittenKind[] = ['national_id', 'phone', 'email'];

/** The people of an installation, each with an identifier that the others do not have, apart from those that the shares ask for. */
export function legacyPeople(seeded: Seeded, installation: LegacyInstallation): readonly KnownPerson[] {
  const people: KnownPerson[] = [];
  for (let number = 0; number < installation.people; number += 1) {
    people.push(nextPerson(seeded, installation, people));
  }
  return people;
}

function nextPerson(seeded: Seeded, installation: LegacyInstallation, people: KnownPerson[]): KnownPerson {
  const { shares, vendors } = installation;
  const vendor = seeded.pick(vendors, ({ weight }) => weight);
  const kind = vendor.kind ?? seeded.pick(KINDS);
  const number = people.length;
  const fresh = {
    vendor,
    kind,
    identifier: identifierOf(kind, number),
    userId: seeded.happens(shares.withoutUserId) ? null : userIdOf(seeded, kind, number),
    isShared: false,
  };
  if (seeded.happens(shares.shared) && fresh.userId !== null) {
    const index = people.findIndex(
      (other) => other.vendor === vendor && other.kind === kind && other.userId !== null && !other.isShared,
    );
    const other = people[index];
    if (other) {
      people[index] = { ...other, isShared: true };
      return { ...fresh, identifier: other.identifier, isShared: true };
    }
  }
  if (seeded.happens(shares.elsewhere)) {
    const other = people.find((one) => one.kind === kind && one.vendor !== vendor && !one.isShared);
    // Whoever takes it over at this vendor is the first one there.
    const isTaken = people.some((one) => one.vendor === vendor && one.identifier === other?.identifier);
    if (other && !isTaken) return { ...fresh, identifier: other.identifier };
  }
  return fresh;
}

/** Legacy user ids came from several sign-in pages, each with its own idea of them. */
function userIdOf(seeded: Seeded, kind: WrittenKind, number: number): string {
  switch (seeded.pick(['number', 'prefixed', 'uuid', 'email'] as const)) {
    case 'number':
      return String(700_000 + number);
    case 'prefixed':
      return `u-${10_000 + number}`;
    case 'uuid':
      return seeded.uuid();
    case 'email':
      return kind === 'email' ? identifierOf(kind, number) : `account-${number}@example.org`;
  }
}
