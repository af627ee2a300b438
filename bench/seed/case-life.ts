import { caseActOf } from '../../src/application/steps/case-change.ts';
import type { UserActor } from '../../src/domain/access/actor.ts';
import { type Case, OPEN_STATES } from '../../src/domain/cases/case.ts';
import type { CaseAct } from '../../src/domain/cases/case-event.ts';
import { type CaseSubmission, type Submission, submitCase } from '../../src/domain/cases/submit-case.ts';
import { flagsByTime, nextLook, nextTimer, onTimer } from '../../src/domain/cases/timers.ts';
import type { Transition } from '../../src/domain/cases/transition.ts';
import { addSeconds, earlier } from '../../src/domain/shared/time.ts';
import type { Tenant } from '../../src/domain/tenancy/tenant.ts';
import { nextDeed, type PlannedDeed } from './next-deed.ts';
import type { SeedActor, SeedWorld } from './seed-world.ts';
import type { SeededRandom } from './seeded-random.ts';

/** More steps than any life has. */
const STEPS_MAX = 60;

/** What was done to a case, by somebody or by a timer, and what came with it. */
export interface Deed extends Pick<PlannedDeed, 'message' | 'reason'> {
  readonly actor: SeedActor;
  readonly transition: Transition;
}

/** A reading of a case's text. */
export interface Reading {
  readonly reader: UserActor;
  readonly at: Date;
}

/** What became of a case until the present. */
export interface CaseLife {
  readonly submitter: SeedActor;
  readonly submission: Submission;
  readonly deeds: readonly Deed[];
  /** Of the readings by whoever worked on it one; `null` where none is kept. */
  readonly reading: Reading | null;
  /** As it is at present. */
  readonly present: Case;
  /** When its present assignee got it; `null` where it has none. */
  readonly assignedAt: Date | null;
}

/** A case that is about to be submitted. */
export interface GivenCase {
  readonly tenant: Tenant;
  readonly submission: CaseSubmission;
  /** The patient, or nobody known. */
  readonly submitter: SeedActor;
  /** The patient, or whose an anonymous case may become. */
  readonly patient: UserActor;
  readonly at: Date;
}

/** Lets a case live by the rules of the workflow, with people and timers acting on it, until the present. */
export function liveCase(given: GivenCase, world: SeedWorld, random: SeededRandom): CaseLife {
  const { submitter, patient } = given;
  const submission = submit(given, world, random);
  const deeds: Deed[] = [];
  let present: Case = submission.submitted;
  let at = given.at;
  while (deeds.length < STEPS_MAX) {
    const planned = nextDeed(present, { patient, world, random });
    const plannedAt = planned && addSeconds(at, Math.ceil(planned.after));
    const until = plannedAt === null ? world.now : earlier(plannedAt, world.now);
    const deed: Deed | null =
      timerDeedWithin(present, { from: at, until }, given.tenant, world, random) ??
      (planned && until === plannedAt
        ? humanDeed(present, planned, actOf(planned.actor, plannedAt, random))
        : null);
    if (!deed) break;
    deeds.push(deed);
    present = deed.transition.after;
    at = deed.transition.event.at;
  }
  if (isOpen(present)) world.doctor(present.physicianId ?? '').open += 1;
  return {
    submitter,
    submission,
    deeds,
    reading: readingOf(deeds, random),
    present,
    assignedAt: assignedAt(deeds),
  };
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);

const isOpen = ({ state }: Case): boolean => (OPEN_STATES as readonly string[]).includes(state);

const systemOf = ({ id: tenantId }: Tenant): SeedActor => ({ kind: 'system', tenantId });

const actOf = (actor: SeedActor, at: Date, random: SeededRandom): CaseAct =>
  caseActOf({ next: () => random.uuid(at) }, actor, at);

function submit({ at, submission, submitter, tenant }: GivenCase, world: SeedWorld, random: SeededRandom) {
  const pool = tenant.privatePool;
  const hasCandidate = world.candidates({ ...submission, pool, flags: [] }).length > 0;
  const intake = { pool, dueHours: tenant.dueHours, hasCandidate };
  return submitCase(submission, intake, actOf(submitter, at, random));
}

const humanDeed = (found: Case, { actor, message, reason, rule }: PlannedDeed, act: CaseAct): Deed => ({
  transition: rule(found, act),
  actor,
  message,
  reason,
});

/** What time brings about first within the span, looked for as often as the timers do. */
function timerDeedWithin(
  found: Case,
  { from, until }: { readonly from: Date; readonly until: Date },
  tenant: Tenant,
  world: SeedWorld,
  random: SeededRandom,
): Deed | null {
  const { allowOverflow } = tenant;
  const actor = systemOf(tenant);
  let look = nextTimer(found)?.at ?? null;
  while (look !== null && look <= until) {
    const act = actOf(actor, later(look, from), random);
    const flags = found.state === 'queued' ? flagsByTime(found, act.now, tenant) : found.flags;
    const hasCandidate = world.candidates({ ...found, flags }).length > 0;
    const transition = onTimer(found, act, { allowOverflow, hasCandidate, isAssigneeAway: false });
    if (transition) return { transition, actor, message: null, reason: false };
    look = nextLook(found, act.now);
  }
  return null;
}

function assignedAt(deeds: readonly Deed[]): Date | null {
  const given = deeds.findLast(
    ({ transition: { after, before } }) => after.physicianId !== before.physicianId,
  )?.transition;
  return given?.after.physicianId == null ? null : given.event.at;
}

/** Whoever starts with a case reads it; of every five such readings one is kept. */
function readingOf(deeds: readonly Deed[], random: SeededRandom): Reading | null {
  const started = deeds.find(({ transition }) => transition.event.type === 'started');
  if (started?.actor.kind !== 'user' || random.chance(0.8)) return null;
  return { reader: started.actor, at: started.transition.event.at };
}
