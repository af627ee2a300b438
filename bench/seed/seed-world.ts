import type { AnonymousActor, SystemActor, UserActor } from '../../src/domain/access/actor.ts';
import type { Case, CaseFlag } from '../../src/domain/cases/case.ts';
import { type Assignable, mismatchOf, type Routed } from '../../src/domain/cases/eligibility.ts';
import type { Physician } from '../../src/domain/identity/physician.ts';
import type { Role } from '../../src/domain/identity/user.ts';
import type { TenantId, UserId } from '../../src/domain/shared/ids.ts';
import type { Tenant } from '../../src/domain/tenancy/tenant.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SeededPhysician } from './staff.ts';

/** Milliseconds: cases that are older are not open any more, so that vacations and limits of the present do not count for them. */
const RECENT_MS = 60 * 86_400_000;

/** A physician, and how many open cases he has at the end of all lives so far. */
export interface Doctor {
  readonly actor: UserActor;
  readonly physician: Physician;
  /** As he was while he was there. */
  readonly assignable: Assignable;
  open: number;
}

/** Who acts on a case. */
export type SeedActor = UserActor | AnonymousActor | SystemActor;

/** A person, as whoever acts. */
export const actorOf = (tenantId: TenantId, userId: UserId, role: Role): UserActor => ({
  kind: 'user',
  userId,
  tenantId,
  role,
  sessionId: '',
  amr: [],
  authTime: new Date(0),
});

function doctorOf({ physician, user }: SeededPhysician, open: number): Doctor {
  const there = { ...physician, vacationMode: false };
  return {
    actor: actorOf(user.tenantId, user.id, 'physician'),
    physician,
    assignable: { physician: there, isActive: true, role: 'physician', openCases: 0 },
    open,
  };
}

const hasRoom = ({ open, physician }: Doctor): boolean =>
  !physician.vacationMode && open < physician.maxOpenCases;

/** What is there before the cases. */
export interface GivenWorld {
  readonly now: Date;
  readonly tenants: readonly Tenant[];
  readonly physicians: readonly SeededPhysician[];
  /** One admin of each tenant. */
  readonly admins: ReadonlyMap<TenantId, UserId>;
  /** Open cases by physician. */
  readonly open: ReadonlyMap<string, number>;
  /** Whether the installation allows anonymous cases. */
  readonly anonymousCases: boolean;
}

/** Who is there while cases come and go. */
export class SeedWorld {
  readonly now: Date;
  readonly tenants: readonly Tenant[];
  readonly anonymousCases: boolean;
  readonly #admins: GivenWorld['admins'];
  readonly #doctors: readonly Doctor[];
  readonly #byId: ReadonlyMap<string, Doctor>;
  readonly #candidates = new Map<string, readonly Doctor[]>();

  constructor({ now, tenants, physicians, admins, open, anonymousCases }: GivenWorld) {
    this.now = now;
    this.tenants = tenants;
    this.anonymousCases = anonymousCases;
    this.#admins = admins;
    this.#doctors = physicians.map((one) => doctorOf(one, open.get(one.physician.id) ?? 0));
    this.#byId = new Map(this.#doctors.map((doctor) => [doctor.physician.id, doctor]));
  }

  /** Everybody whom the case could ever go to. */
  candidates(routed: Routed): readonly Doctor[] {
    const overflows = routed.flags.includes('overflow' satisfies CaseFlag);
    const key = [routed.tenantId, routed.pool, routed.language, overflows].join('\n');
    const known = this.#candidates.get(key);
    if (known) return known;
    const found = this.#doctors.filter(({ assignable }) => mismatchOf(routed, assignable) === null);
    this.#candidates.set(key, found);
    return found;
  }

  /**
   * Somebody who may take the case.
   *
   * @returns `null` where nobody has room for it
   */
  takerOf(found: Case, random: SeededRandom): Doctor | null {
    const candidates = this.candidates(found);
    const isRecent = this.now.getTime() - found.createdAt.getTime() < RECENT_MS;
    const first = random.whole(candidates.length);
    for (let index = 0; index < candidates.length; index += 1) {
      const doctor = candidates[(first + index) % candidates.length];
      if (doctor && (!isRecent || hasRoom(doctor))) return doctor;
    }
    return null;
  }

  doctor(physicianId: string): Doctor {
    const found = this.#byId.get(physicianId);
    if (!found) throw new Error('This physician was not seeded.');
    return found;
  }

  /** An admin of the tenant. */
  admin(tenantId: TenantId): UserActor {
    const userId = this.#admins.get(tenantId);
    if (userId === undefined) throw new Error('This tenant has no seeded admin.');
    return actorOf(tenantId, userId, 'admin');
  }
}
