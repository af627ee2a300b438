import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { startSession, type Session } from '../../../src/domain/access/session.ts';
import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import type { Case } from '../../../src/domain/cases/case.ts';
import { type CaseIntake, type CaseSubmission, submitCase } from '../../../src/domain/cases/submit-case.ts';
import { createPhysician, type Physician } from '../../../src/domain/identity/physician.ts';
import { createUser, type User } from '../../../src/domain/identity/user.ts';
import { DEFAULT_TENANT_ID, type TenantId } from '../../../src/domain/shared/ids.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';
import { createTenant, DEFAULT_DUE_HOURS, type Tenant } from '../../../src/domain/tenancy/tenant.ts';
import type { CaseReceipt, SubmittedCase } from '../../../src/application/ports/stores/case-store.ts';
import type { UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import type { StoreWorld } from './store-world.ts';

/** The time at which the tests stand, to the millisecond. */
export const NOW = new Date('2026-03-01T09:30:00.123Z');

/** `NOW` moved by `seconds`. */
export const at = (seconds: number): Date => addSeconds(NOW, seconds);

/** An id that no record has. */
export const newId = (): string => uuid();

/** 32 octets that no record has. */
export const newHash = (): Uint8Array => new Uint8Array(randomBytes(32));

/** An address that no account has. */
export const newEmail = (): string => `person-${uuid()}@example.org`;

/** A tenant that is not stored yet. */
export const newTenant = (given: Partial<Tenant> = {}): Tenant => ({
  ...createTenant(uuid(), { slug: `t-${uuid()}`, name: 'A practice' }, NOW),
  ...given,
});

/** An account that is not stored yet. */
export const newUser = (tenantId: TenantId, given: Partial<User> = {}): User => ({
  ...createUser(
    uuid(),
    { tenantId, email: newEmail(), passwordHash: '$argon2id$v=19$…', role: 'patient', language: 'en' },
    NOW,
  ),
  ...given,
});

/** A session of the user that is not stored yet: a day without use, thirty days in all. */
export const newSession = (user: User, given: Partial<Session> = {}): Session => ({
  ...startSession(
    uuid(),
    {
      tenantId: user.tenantId,
      userId: user.id,
      role: user.role,
      amr: ['pwd'],
      client: { userAgent: 'Firefox', address: '192.0.2.7' },
    },
    {
      patient: { idleSeconds: 86_400, maxSeconds: 30 * 86_400 },
      staff: { idleSeconds: 86_400, maxSeconds: 30 * 86_400 },
    },
    NOW,
  ),
  ...given,
});

/** An audit entry that is not stored yet. */
export const newEntry = (tenantId: TenantId, given: Partial<AuditEntry> = {}): AuditEntry => ({
  id: uuid(),
  tenantId,
  actor: { kind: 'system' },
  action: 'test.happened',
  subject: null,
  at: NOW,
  details: {},
  ...given,
});

/** A submission that is not stored yet, its text sealed with the key; somebody is there who could take it, unless told. */
export function newSubmission(
  keyId: string,
  given: Partial<CaseSubmission & CaseIntake> & Pick<CaseSubmission, 'tenantId' | 'patientId'>,
  now: Date = NOW,
  receipt: CaseReceipt | null = null,
): SubmittedCase {
  const { pool = null, dueHours = DEFAULT_DUE_HOURS, hasCandidate = true, ...rest } = given;
  const defaults = {
    id: uuid(),
    language: 'en',
    priority: 'routine',
    specialty: null,
    vendorId: null,
  } as const;
  const { submitted, event } = submitCase(
    { ...defaults, ...rest },
    { pool, dueHours, hasCandidate },
    {
      eventId: uuid(),
      actorId: given.patientId,
      actorRole: given.patientId === null ? 'anonymous' : 'patient',
      now,
    },
  );
  return {
    submitted,
    question: {
      id: uuid(),
      caseId: submitted.id,
      kind: 'question',
      authorRole: given.patientId === null ? 'anonymous' : 'patient',
      authorId: given.patientId,
      body: { keyId, bytes: newHash() },
      at: now,
    },
    event,
    audit: newEntry(given.tenantId, { subject: { type: 'case', id: submitted.id }, at: now }),
    receipt,
  };
}

/** Stores a new tenant. */
export async function plantTenant({ unitOfWork }: Pick<StoreWorld, 'unitOfWork'>): Promise<Tenant> {
  const tenant = newTenant();
  await unitOfWork.stores(DEFAULT_TENANT_ID).tenants.add(tenant);
  return tenant;
}

/** Stores a new account in a new tenant, unless one is given. */
export async function plantUser(
  world: Pick<StoreWorld, 'unitOfWork'>,
  given: Partial<User> = {},
): Promise<User> {
  const user = newUser(given.tenantId ?? (await plantTenant(world)).id, given);
  await world.unitOfWork.stores(user.tenantId).users.add(user);
  return user;
}

/** A physician that is not stored yet. */
export const newPhysician = (
  { id: userId, tenantId }: Pick<User, 'id' | 'tenantId'>,
  given: Partial<Physician> = {},
): Physician => ({
  ...createPhysician(uuid(), { tenantId, userId, languagePreference: 'he', languages: ['en'] }, NOW),
  ...given,
});

/** Stores a physician with an account of his own. */
export async function plantPhysician(
  world: Pick<StoreWorld, 'unitOfWork'>,
  tenantId: TenantId,
  given: Partial<Physician> = {},
): Promise<Physician> {
  const user = await plantUser(world, { tenantId, role: 'physician' });
  const physician = newPhysician(user, given);
  await world.unitOfWork.stores(tenantId).physicians.add(physician);
  return physician;
}

/** Stores a new session of the user. */
export async function plantSession(
  { unitOfWork }: Pick<StoreWorld, 'unitOfWork'>,
  user: User,
  given: Partial<Session> = {},
  refreshTokenHash: Uint8Array = newHash(),
): Promise<Session> {
  const session = newSession(user, given);
  const { sessions } = unitOfWork.stores(user.tenantId);
  await sessions.add(session, refreshTokenHash, newEntry(user.tenantId), user);
  return session;
}

/** Stores the first data key of a tenant. */
export async function plantDataKey(
  { dataKeyStore }: Pick<StoreWorld, 'dataKeyStore'>,
  tenantId: TenantId,
): Promise<string> {
  const key = { id: uuid(), tenantId, wrappedKey: newHash(), createdAt: NOW, retiredAt: null };
  return (await dataKeyStore.addFirst(key)).id;
}

/** Stores new cases of one patient, the first the oldest, `seconds` apart; `0` makes them all of one moment. */
export async function plantCases(
  { unitOfWork }: { readonly unitOfWork: UnitOfWork<'cases'> },
  keyId: string,
  patient: User,
  count: number,
  seconds = 60,
): Promise<readonly Case[]> {
  const { id: patientId, tenantId } = patient;
  const cases: Case[] = [];
  for (let index = 0; index < count; index += 1) {
    const submission = newSubmission(keyId, { tenantId, patientId }, at(index * seconds));
    await unitOfWork.stores(tenantId).cases.add(submission);
    cases.push(submission.submitted);
  }
  return cases;
}
