import { expect } from 'chai';
import fc from 'fast-check';
import { HELD_STATES } from '../../src/domain/cases/case.ts';
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
  minLength: 12,
  maxLength: 30,
});

/** How much is tried. */
export interface PropertyOptions {
  readonly numRuns: number;
  /** What comes about in as many runs for certain: a property of nothing would hold. */
  readonly common: readonly CaseEventType[];
}

/** Random acts of random people on two cases hold the invariants of the workflow, on any stores. */
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
        const cases = [await submit(practice, 0, 'asap'), await submit(practice, 1, 'routine')];
        for (const turn of drawn) {
          await tryAll(practice, cases, turn);
          for (const caseId of cases) await expectInvariants(practice, caseId);
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
  priority: 'asap' | 'routine',
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

  for (const { physician } of practice.physicians) await expectLoad(practice, physician.id);
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

/** Nobody on vacation has a case that he has not begun. */
async function expectLoad({ tenantId, world }: CasePractice, physicianId: string): Promise<void> {
  const { cases, physicians } = world.unitOfWork.stores(tenantId);
  const assignable = await physicians.findAssignable(physicianId);
  if (!assignable?.physician.vacationMode) return;
  const { items } = await cases.list(
    { kind: 'tenant' },
    { state: 'assigned', language: null },
    { limit: 100, after: null },
  );
  expect(items.filter((item) => item.physicianId === physicianId)).to.deep.equal([]);
}
