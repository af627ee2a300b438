import { createPhysician, type Physician } from '../../src/domain/identity/physician.ts';
import { createUser, type Role, type User, withEmailVerified } from '../../src/domain/identity/user.ts';
import { addSeconds } from '../../src/domain/shared/time.ts';
import { createTenant, type Tenant } from '../../src/domain/tenancy/tenant.ts';
import { SeededRandom } from './seeded-random.ts';

const DAY = 86_400;

/** How the addresses and names of all that was seeded begin, so that it can be told apart. */
export const SEEDED = 'seed-';

/** Languages by how many people speak them here. */
export const LANGUAGE_SHARES = [
  ['he', 45],
  ['ru', 20],
  ['ar', 16],
  ['en', 9],
  ['en-GB', 3],
  ['en-US', 3],
  ['fr', 4],
] as const;

/** An account, its address confirmed. */
export function seededUser(
  random: SeededRandom,
  given: { readonly tenant: Tenant; readonly role: Role; readonly number: number; readonly language: string },
  passwordHash: string | null,
  createdAt: Date,
): User {
  const { tenant, role, number, language } = given;
  const email = `${SEEDED}${role}-${String(number)}@example.org`;
  const user = createUser(
    random.uuid(createdAt),
    { tenantId: tenant.id, email, passwordHash, role, language },
    createdAt,
  );
  return withEmailVerified(user, createdAt);
}

/** An organisation: of every four one has a closed pool, and another a closed pool that overflows. */
export function seededTenant(number: number, now: Date): Tenant {
  const random = new SeededRandom('tenant', number);
  const createdAt = addSeconds(now, -800 * DAY + random.whole(30 * DAY));
  const isPrivate = number % 4 === 1 || number % 4 === 2;
  return createTenant(
    random.uuid(createdAt),
    {
      slug: `${SEEDED}clinic-${String(number)}`,
      name: `Clinic ${String(number)}`,
      privatePool: isPrivate ? `${SEEDED}pool-${String(number)}` : null,
      allowOverflow: number % 4 === 2,
      ...(number % 4 === 3 && { dueHours: { asap: 2, urgent: 12, routine: 48 } }),
    },
    createdAt,
  );
}

/** A physician with the account behind him. */
export interface SeededPhysician {
  readonly user: User;
  readonly physician: Physician;
}

/**
 * A physician. Of every ten seven are of the practice and open to all, one is of the practice and serves a closed pool, and two are of
 * a tenant.
 *
 * @param practice the practice itself
 * @param tenants the others
 */
export function seededPhysician(
  number: number,
  { practice, tenants }: { readonly practice: Tenant; readonly tenants: readonly Tenant[] },
  passwordHash: string | null,
  now: Date,
): SeededPhysician {
  const random = new SeededRandom('physician', number);
  const createdAt = addSeconds(now, -770 * DAY + random.whole(30 * DAY));
  const kind = number % 10;
  const closed = tenants.filter(({ privatePool }) => privatePool !== null);
  const tenant = kind < 8 ? practice : random.pick(tenants);
  const privatePool = kind < 7 ? null : kind === 7 ? random.pick(closed).privatePool : tenant.privatePool;
  const languages = Array.from({ length: 1 + random.whole(3) }, () => random.share(LANGUAGE_SHARES));
  const languagePreference = languages[0] ?? 'he';
  const account = { tenant, role: 'physician', number, language: languagePreference } as const;
  const user = seededUser(random, account, passwordHash, createdAt);
  const physician = createPhysician(
    random.uuid(createdAt),
    {
      tenantId: tenant.id,
      userId: user.id,
      languagePreference,
      languages,
      privatePool,
      vacationMode: random.chance(0.06),
      maxOpenCases: random.share([
        [10, 6],
        [20, 3],
        [40, 1],
      ]),
    },
    createdAt,
  );
  return { user, physician };
}
