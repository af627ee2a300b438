import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { CaseChange, SealedMessage } from '../../../src/application/ports/stores/case-store.ts';
import type { SealedText } from '../../../src/application/ports/security/text-cipher.ts';
import type { Case, QueuedCase } from '../../../src/domain/cases/case.ts';
import type { CaseAct } from '../../../src/domain/cases/case-event.ts';
import type { Assignable } from '../../../src/domain/cases/eligibility.ts';
import type { CaseIntake, CaseSubmission } from '../../../src/domain/cases/submit-case.ts';
import type { Transition } from '../../../src/domain/cases/transition.ts';
import type { CaseScope } from '../../../src/domain/cases/visibility.ts';
import {
  amend,
  answer,
  askInfo,
  assign,
  cancel,
  close,
  decline,
  end,
  followUp,
  release,
  reply,
  start,
  voidCase,
} from '../../../src/domain/cases/workflow.ts';
import type { Physician } from '../../../src/domain/identity/physician.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import {
  at,
  newEntry,
  newHash,
  newSubmission,
  NOW,
  plantDataKey,
  plantPhysician,
  plantUser,
} from './fixtures.ts';
import type { StoreWorld } from './store-world.ts';

type Stored = Pick<StoreWorld, 'unitOfWork'>;

/** Every case of the tenant. */
export const EVERY_CASE: CaseScope & { readonly kind: 'tenant' } = { kind: 'tenant' };
/** All of a list. */
export const NO_FILTER = { state: null, language: null, source: null };

/** A language that nobody else speaks, well-formed. */
export const newLanguage = (): string =>
  Array.from(randomBytes(8), (octet) => String.fromCharCode(97 + (octet % 26))).join('');

/** A pool that nobody else is in. */
export const newPool = (): string => `pool-${uuid()}`;

/** A tenant's cases. */
export const casesOf = ({ unitOfWork }: Stored, tenantId: string) => unitOfWork.stores(tenantId).cases;

/** A patient in a tenant of his own, unless one is given, which has a data key. */
export async function plantPatient(
  world: Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore'>,
  given: Partial<User> = {},
): Promise<{ readonly patient: User; readonly keyId: string }> {
  const patient = await plantUser(world, given);
  return { patient, keyId: await plantDataKey(world, patient.tenantId) };
}

/** Stores a new case of the patient. */
export async function plantCase(
  world: Stored,
  keyId: string,
  { id: patientId, tenantId }: Pick<User, 'tenantId'> & { readonly id: User['id'] | null },
  given: Partial<CaseSubmission & CaseIntake> = {},
  now: Date = NOW,
): Promise<QueuedCase> {
  const submission = newSubmission(keyId, { tenantId, patientId, ...given }, now);
  await casesOf(world, tenantId).add(submission);
  return submission.submitted;
}

/** An act of the installation's own. */
export const newAct = (given: Partial<CaseAct> = {}): CaseAct => ({
  eventId: uuid(),
  actorId: null,
  actorRole: 'system',
  now: at(60),
  ...given,
});

/** A text of the case that is not stored yet. */
export const newMessage = (
  { id: caseId }: Pick<Case, 'id'>,
  keyId: string,
  given: Partial<SealedMessage> = {},
): SealedMessage => ({
  id: uuid(),
  caseId,
  kind: 'info-request',
  authorRole: 'physician',
  authorId: uuid(),
  body: { keyId, bytes: newHash() },
  at: at(60),
  ...given,
});

/** A step that is not stored yet, with its audit entry. */
export const newChange = (
  transition: Transition,
  with_: { readonly message?: SealedMessage; readonly reason?: SealedText } = {},
): CaseChange => ({
  ...transition,
  audit: newEntry(transition.after.tenantId, {
    action: `cases.${transition.event.type}`,
    subject: { type: 'case', id: transition.after.id },
    at: transition.event.at,
  }),
  message: with_.message ?? null,
  reason: with_.reason ?? null,
});

/** Stores a step, which nobody has taken yet; gives the case after it. */
export async function plantStep(
  world: Stored,
  transition: Transition,
  with_: Parameters<typeof newChange>[1] = {},
): Promise<Case> {
  const { after } = transition;
  if (!(await casesOf(world, after.tenantId).save(newChange(transition, with_)))) {
    throw new Error('The case is another one by now.');
  }
  return after;
}

/** The physician with nothing to do, as somebody who may be given cases. */
export const free = (physician: Physician): Assignable => ({
  physician,
  isActive: true,
  role: 'physician',
  openCases: 0,
});

/** Stores a physician who answers in English and Hebrew, and gives him the case. */
export async function plantAssignee(
  world: Stored,
  found: Case,
): Promise<{ held: Case; physician: Physician }> {
  const physician = await plantPhysician(world, found.tenantId, { privatePool: found.pool });
  return { held: await plantStep(world, assign(found, free(physician), newAct())), physician };
}

/** One step after the other, from the case on, for as long as they lead: each a minute after the former. */
export function walk(
  found: Case,
  ...steps: readonly ((found: Case, act: CaseAct) => Transition)[]
): readonly Transition[] {
  const transitions: Transition[] = [];
  let current = found;
  for (const [index, step] of steps.entries()) {
    const transition = step(current, newAct({ now: at(60 * (index + 1)) }));
    transitions.push(transition);
    current = transition.after;
  }
  return transitions;
}

/** Walks from a queued case that lead, between them, through every state and every event of the workflow. */
export function everyWalk(queued: QueuedCase, physician: Physician): readonly (readonly Transition[])[] {
  const assignee = free(physician);
  const away: Assignable = { ...assignee, isActive: false };
  const given = (found: Case, act: CaseAct) => assign(found, assignee, act);
  const told = (found: Case, act: CaseAct) => reply(found, assignee, act);
  const asked = (found: Case, act: CaseAct) => followUp(found, assignee, act);
  return [
    walk(queued, given, start, askInfo, told, answer, amend, asked, answer, close, voidCase),
    walk(queued, given, release, given, start, release),
    walk(queued, given, start, askInfo, (found, act) => reply(found, away, act)),
    walk(queued, given, decline),
    walk(queued, cancel),
    walk(queued, given, start, askInfo, (found, act) => end(found, 'expired', 'expired', act)),
  ];
}
