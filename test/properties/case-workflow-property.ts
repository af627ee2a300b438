import { expect } from 'chai';
import fc from 'fast-check';
import type { AuditEntry } from '../../src/domain/audit/audit-entry.ts';
import { type CasePriority, HELD_STATES, OPEN_STATES } from '../../src/domain/cases/case.ts';
import type { CaseEvent, CaseEventType } from '../../src/domain/cases/case-event.ts';
import { DomainError } from '../../src/domain/shared/domain-error.ts';
import type { StoreWorld } from '../contracts/stores/store-world.ts';
import { attempt, type CaseCommandDraw, drawnCommand } from './case-commands.ts';
import { casePractice, type CasePractice } from './case-practice.ts';
import { RULES, TEXT_OF } from './workflow-rules.ts';

/** Refusals that a verb may meet, whoever tries it whenever. Everything else is a fault. */
const EXPECTED = [
  'access.forbidden',
  'cases.conflict',
  'cases.not-allowed-in-state',
  'cases.physician-not-eligible',
  'identity.physician-conflict',
];

/** Several at a time: those of one turn are tried at once. */
const turns = fc.array(fc.array(drawnCommand, { minLength: 1, maxLength: 3 }), {
  minLength: 20,
  maxLength: 40,
});

/** How much is tried. */
export interface PropertyOptions {
  readonly numRuns: number;
  /** What comes about in as many runs for certain: a property of nothing would hold. */
  readonly common: readonly CaseEventType[];
}

/** Random acts of random people on a few cases hold the invariants of the workflow, on any stores. */
export function caseWorkflowProperty(
  name: string,
  open: () => Promise<StoreWorld> | StoreWorld,
  { numRuns, common }: PropertyOptions,
): void {
  describe(`${name} under random acts of random people on cases`, () => {
    it('keeps cases, events, texts, assignments and the audit trail in step, whatever is tried', async function () {
      this.timeout(120_000);
      const world = await open();
      const seen = new Set<CaseEventType>();
      const property = fc.asyncProperty(turns, async (drawn) => {
        const practice = await casePractice(world);
        const cases = [
          await submit(practice, 0, 'asap'),
          await submit(practice, 1, 'routine'),
          await submit(practice, 0, 'urgent'),
          await submit(practice, 1, 'asap'),
        ];
        for (const turn of drawn) {
          await tryAll(practice, cases, turn);
          for (const caseId of cases) await expectInvariants(practice, caseId);
          await expectLoads(practice, cases);
        }
        for (const caseId of cases) for (const { type } of await world.readEvents(caseId)) seen.add(type);
      });
      await fc.assert(property, { numRuns, endOnFailure: true });
      expect([...seen], 'what came about in all').to.include.members([...common]);
    });
  });
}

async function submit(
  { app, patients }: CasePractice,
  patient: 0 | 1,
  priority: CasePriority,
): Promise<string> {
  const actor = patients[patient]!;
  const { view } = await app.cases.submitCase.execute({ actor, language: 'en', question: 'Why?', priority });
  return view.case.id;
}

async function tryAll(
  practice: CasePractice,
  cases: readonly string[],
  turn: readonly CaseCommandDraw[],
): Promise<void> {
  const outcomes = await Promise.allSettled(turn.map((drawn) => attempt(practice, cases, drawn)));
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue;
    const reason: unknown = outcome.reason;
    if (!(reason instanceof DomainError) || !EXPECTED.includes(reason.code)) throw reason;
  }
}

async function expectInvariants(practice: CasePractice, caseId: string): Promise<void> {
  const { tenantId, world } = practice;
  const stores = world.unitOfWork.stores(tenantId);
  const found = await stores.cases.find(caseId, { kind: 'tenant' });
  if (!found) throw new Error('A case was deleted.');
  const events = await world.readEvents(caseId);

  expect(events.map(({ version }) => version)).to.deep.equal(events.map((_, index) => index + 1));
  expect(events.at(-1)).to.include({ version: found.version, to: found.state });
  events.forEach((event, index) => expectRule(event, events[index - 1] ?? null));

  const isHeld = (HELD_STATES as readonly string[]).includes(found.state);
  expect(found.physicianId !== null, `assignee in ${found.state}`).to.equal(isHeld);
  const assignment = await world.readAssignment(caseId);
  expect(assignment?.physicianId ?? null).to.equal(found.physicianId);

  const audited = (await world.readAudit(tenantId)).filter(
    ({ subject, action }) => subject?.id === caseId && action !== 'cases.text-read',
  );
  expect(audited.map(({ action }) => action).toSorted()).to.deep.equal(
    events.map(({ type }) => `cases.${type}`).toSorted(),
  );

  const kinds = (await stores.cases.listMessages(caseId)).map(({ kind }) => kind);
  expect(kinds.toSorted()).to.deep.equal(events.flatMap(({ type }) => TEXT_OF[type] ?? []).toSorted());
  expect(events.filter(({ type }) => type === 'followed-up').length).to.be.at.most(2);

  expectActors(practice, events, audited);
}

function expectRule(event: CaseEvent, before: CaseEvent | null): void {
  const { by, from, to } = RULES[event.type];
  expect(event.from).to.equal(before?.to ?? null);
  expect(from, `${event.type} from ${String(event.from)}`).to.include(event.from);
  expect(to, `${event.type} to ${event.to}`).to.include(
    event.to === event.from ? (to.includes('same') ? 'same' : event.to) : event.to,
  );
  expect(by, `${event.type} by ${event.actorRole}`).to.include(event.actorRole);
  if (event.type === 'cancelled' && event.from === 'in_review') expect(event.actorRole).to.equal('admin');
}

/** What nobody but the assignee does. */
const OF_ASSIGNEE: readonly CaseEventType[] = [
  'started',
  'info-requested',
  'answered',
  'amended',
  'declined',
];

/** Each act is done by him who has the case then; it is claimed and given by the rules of routing, and its patient does the rest. */
function expectActors(
  { patients, physicians }: CasePractice,
  events: readonly CaseEvent[],
  audited: readonly AuditEntry[],
): void {
  const given = new Map(audited.map(({ details }) => [details['version'], details['physician']]));
  const userOf = new Map(physicians.map(({ actor, physician }) => [physician.id, actor.userId]));
  const shared = physicians
    .filter(({ physician }) => physician.privatePool === null)
    .map(({ physician }) => physician.id);
  let assignee: string | null = null;
  let overflowed = false;
  for (const { actorId, actorRole, type, version } of events) {
    const isByAssignee = OF_ASSIGNEE.includes(type) || (type === 'released' && actorRole === 'physician');
    // On vacation he is relieved by an act of his own, too.
    if (isByAssignee) expect(actorId, type).to.equal(userOf.get(assignee ?? ''));
    const to = given.get(version);
    if (to !== undefined) assignee = to === null ? null : String(to);
    if (assignee !== null) expect(userOf.has(assignee), 'only those whom the case suits').to.equal(true);
    overflowed ||= type === 'overflowed';
    if (shared.includes(assignee ?? '')) expect(overflowed, 'of the closed pool').to.equal(true);
    if (type === 'claimed') expect(actorId).to.equal(userOf.get(assignee ?? ''));
    if (actorRole === 'patient') expect(patients.map(({ userId }) => userId)).to.include(actorId);
  }
}

/** Nobody on vacation has a case that he has not begun, and nobody has claimed more than he takes. */
async function expectLoads(practice: CasePractice, cases: readonly string[]): Promise<void> {
  const { tenantId, world } = practice;
  const stores = world.unitOfWork.stores(tenantId);
  const found = await Promise.all(cases.map((id) => stores.cases.find(id, { kind: 'tenant' })));
  const events = (await Promise.all(cases.map((id) => world.readEvents(id)))).flat();
  const isClaimedOnly = !events.some(({ type }) => type === 'assigned' || type === 'reassigned');
  for (const { physician } of practice.physicians) {
    const assignable = await stores.physicians.findAssignable(physician.id);
    const held = found.filter((one) => one?.physicianId === physician.id);
    const open = held.filter((one) => (OPEN_STATES as readonly unknown[]).includes(one?.state));
    // A follow-up may bring back more than he would take.
    const isFollowedUp = events.some(({ type }) => type === 'followed-up');
    if (isClaimedOnly && !isFollowedUp) expect(open.length).to.be.at.most(physician.maxOpenCases);
    if (!assignable?.physician.vacationMode) continue;
    expect(held.filter((one) => one?.state === 'assigned')).to.deep.equal([]);
  }
}
