import type { LegacyInstallation } from './legacy-installation.ts';
import type { KnownPerson } from './legacy-people.ts';
import type { Seeded } from './seeded.ts';
import { NOBODYS_IDENTIFIERS, writtenAs } from './written-identifiers.ts';

/** A row of rn_requests, with all the columns that it may have. */
export interface LegacyRequestRow {
  readonly uuid: string;
  readonly user_id: string | null;
  readonly user_identifier: string | null;
  readonly user_crypt: string | null;
  readonly vendor_id: string | null;
  readonly language: string | null;
  readonly question: string;
  readonly status: string | number;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** Whose row it is; `null` for one that is nobody's. */
  readonly of: KnownPerson | null;
}

const STATUSES = ['new', 'in_progress', 'answered', 'closed', 'cancelled'] as const;
const QUESTIONS = [
  'Is this operation necessary? I was told that "it can’t wait".',
  'האם הניתוח הזה נחוץ?',
  'هل هذه العملية ضرورية؟',
  'Нужна ли эта операция?',
] as const;
const DAY_MS = 86_400_000;

/** Rows of rn_requests: at least one of each person, of which the first holds all that is known of him; and some that are nobody's. */
export function legacyRequests(
  seeded: Seeded,
  installation: LegacyInstallation,
  people: readonly KnownPerson[],
  now: Date,
): readonly LegacyRequestRow[] {
  const { cases, shares, vendors } = installation;
  return Array.from({ length: Math.max(cases, people.length) }, (_, number): LegacyRequestRow => {
    const common = commonOf(seeded, installation, now);
    const first = people[number];
    if (first) return { ...common, ...told(seeded, first, shares.odd) };
    if (people.length === 0 || seeded.happens(shares.strays)) {
      const vendor_id = seeded.pick(seeded.pick(vendors, ({ weight }) => weight).writings);
      return {
        ...common,
        vendor_id,
        user_id: null,
        user_identifier: seeded.pick(NOBODYS_IDENTIFIERS),
        of: null,
      };
    }
    const person = seeded.pick(people);
    const row = { ...common, ...told(seeded, person, shares.odd) };
    if (!seeded.happens(shares.lost)) return row;
    return seeded.happens(0.5) || person.userId === null
      ? { ...row, user_id: null }
      : { ...row, user_identifier: seeded.pick([null, '']) };
  });
}

const told = (seeded: Seeded, person: KnownPerson, odd: number) => ({
  vendor_id: seeded.pick(person.vendor.writings),
  user_id: person.userId,
  user_identifier: writtenAs(seeded, person.kind, person.identifier, odd),
  of: person,
});

function commonOf(seeded: Seeded, { columns }: LegacyInstallation, now: Date) {
  const status = seeded.between(0, STATUSES.length - 1);
  return {
    uuid: seeded.uuid(),
    user_crypt: seeded.happens(0.8) ? seeded.octets(24).toString('base64') : null,
    language: seeded.pick(['en', 'he', 'ar', 'ru', null]),
    question: seeded.pick(QUESTIONS),
    status: columns.status === 'smallint' ? status : STATUSES[status]!,
    created_at: new Date(now.getTime() - seeded.between(2 * DAY_MS, 900 * DAY_MS)).toISOString(),
  };
}
