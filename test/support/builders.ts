import type {
  Actor,
  AnonymousActor,
  EnrollingActor,
  SystemActor,
  UserActor,
} from '../../src/domain/access/actor.ts';
import {
  type Session,
  type SessionLifetimes,
  type SessionStart,
  startSession,
} from '../../src/domain/access/session.ts';
import { type Case, type CaseFacts, caseOf, type CaseState } from '../../src/domain/cases/case.ts';
import type { CaseAct, CaseActorRole } from '../../src/domain/cases/case-event.ts';
import { type CaseIntake, type CaseSubmission, submitCase } from '../../src/domain/cases/submit-case.ts';
import type { Physician } from '../../src/domain/identity/physician.ts';
import { createUser, type Role, type User } from '../../src/domain/identity/user.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG, type TenantId } from '../../src/domain/shared/ids.ts';
import type { Vendor } from '../../src/domain/legacy/vendor.ts';
import { createTenant, type Tenant } from '../../src/domain/tenancy/tenant.ts';

/** The moment at which tests begin. */
export const NOW = new Date('2026-03-01T08:00:00.000Z');

/** A password that every policy of the tests accepts. */
export const PASSWORD = 'correct horse battery staple';

/** A device that shows nothing of itself. */
export const NO_CLIENT = { userAgent: null, address: null };

/** Lives that a test can count in its head: in seconds. */
export const LIFETIMES: SessionLifetimes = {
  patient: { idleSeconds: 1000, maxSeconds: 5000 },
  staff: { idleSeconds: 100, maxSeconds: 500 },
};

let lastNumber = 0;

/** A UUIDv7 that no other call gives; later ones sort after earlier ones. */
export function anId(): string {
  lastNumber += 1;
  return `01900000-aaaa-7000-8000-${lastNumber.toString(16).padStart(12, '0')}`;
}

/** An active patient of the default tenant, but for what is given. */
export const aUser = (given: Partial<User> = {}): User => ({
  ...createUser(
    anId(),
    {
      tenantId: DEFAULT_TENANT_ID,
      email: `person-${String(lastNumber)}@example.org`,
      passwordHash: null,
      role: 'patient',
      language: 'en',
    },
    NOW,
  ),
  ...given,
});

/** Vendor `north` of the default tenant, without anything of its own, but for what is given. */
export const aVendor = (given: Partial<Vendor> = {}): Vendor => ({
  vendorId: 'north',
  tenant: DEFAULT_TENANT_SLUG,
  privatePool: null,
  identifierKind: null,
  ...given,
});

/** A tenant with the defaults of its kind, but for what is given. */
export function aTenant(given: Partial<Tenant> = {}): Tenant {
  const id = anId();
  const made = createTenant(id, { slug: `tenant-${String(lastNumber)}`, name: 'A tenant' }, NOW);
  return { ...made, ...given };
}

/** What a patient of the default tenant starts a session with, but for what is given. */
export const aSessionStart = (given: Partial<SessionStart> = {}): SessionStart => ({
  tenantId: DEFAULT_TENANT_ID,
  userId: anId(),
  role: 'patient',
  amr: ['pwd'],
  client: NO_CLIENT,
  ...given,
});

/** A patient's session, started at `NOW` with `LIFETIMES`, but for what is given. */
export const aSession = (given: Partial<Session> = {}): Session => ({
  ...startSession(anId(), aSessionStart(), LIFETIMES, NOW),
  ...given,
});

/** A routine question of a patient of the default tenant, but for what is given. */
export const aSubmission = (given: Partial<CaseSubmission> = {}): CaseSubmission => ({
  id: anId(),
  tenantId: DEFAULT_TENANT_ID,
  patientId: anId(),
  language: 'en',
  priority: 'routine',
  specialty: null,
  vendorId: null,
  ...given,
});

/** What a case meets in a tenant with the usual due times, where somebody of the shared pool could take it. */
export const INTAKE: CaseIntake = {
  pool: null,
  dueHours: { asap: 4, urgent: 24, routine: 72 },
  hasCandidate: true,
};

/** An act on a case, at `NOW` unless told. */
export const anAct = (actorRole: CaseActorRole, now = NOW): CaseAct => ({
  eventId: anId(),
  actorId: actorRole === 'system' || actorRole === 'anonymous' ? null : anId(),
  actorRole,
  now,
});

/** A case of a patient of the default tenant, queued at `NOW`, but for what is given. */
export function aCase(
  given: Partial<CaseFacts> & { readonly state?: CaseState; readonly physicianId?: string | null } = {},
): Case {
  const { state = 'queued', physicianId = null, ...facts } = given;
  const { submitted } = submitCase(aSubmission(), INTAKE, anAct('patient'));
  return caseOf({ ...submitted, ...facts }, state, physicianId);
}

/** A physician of the shared pool, but for what is given. */
export const aPhysician = (given: Partial<Physician> = {}): Physician => ({
  id: anId(),
  tenantId: DEFAULT_TENANT_ID,
  userId: anId(),
  languagePreference: 'en',
  languages: ['en'],
  privatePool: null,
  vacationMode: false,
  maxOpenCases: 10,
  createdAt: NOW,
  updatedAt: NOW,
  version: 1,
  ...given,
});

/** Somebody signed in to the default tenant by his password at `NOW`, but for what is given. */
export const aUserActor = (role: Role, given: Partial<UserActor> = {}): UserActor => ({
  kind: 'user',
  userId: anId(),
  tenantId: DEFAULT_TENANT_ID,
  sessionId: anId(),
  role,
  amr: ['pwd'],
  authTime: NOW,
  ...given,
});

/** Somebody who has to enrol a second factor in the default tenant, but for what is given. */
export const anEnrollingActor = (given: Partial<EnrollingActor> = {}): EnrollingActor => ({
  kind: 'enrolling',
  userId: anId(),
  tenantId: DEFAULT_TENANT_ID,
  tokenHash: new Uint8Array(32),
  ...given,
});

/** Somebody without a credential, at the door of a tenant. */
export const anonymousAt = (tenantId: TenantId): AnonymousActor => ({ kind: 'anonymous', tenantId });

/** The installation itself, at work in a tenant. */
export const systemOf = (tenantId: TenantId): SystemActor => ({ kind: 'system', tenantId });

/** Somebody without a credential at the door of the default tenant. */
export const ANONYMOUS = anonymousAt(DEFAULT_TENANT_ID);

/** The installation itself, at work in the default tenant. */
export const SYSTEM = systemOf(DEFAULT_TENANT_ID);

/** One actor of each kind and role, by a name for test titles. */
export const someActors = (): Readonly<Record<string, Actor>> => ({
  'a patient': aUserActor('patient'),
  'a physician': aUserActor('physician'),
  'an admin of the practice': aUserActor('admin'),
  'an admin of another tenant': aUserActor('admin', { tenantId: anId() }),
  'somebody who has to enrol': anEnrollingActor(),
  nobody: ANONYMOUS,
  'the installation': SYSTEM,
});
