import { expect } from 'chai';
import { adopt, assign, reassign, release, start } from '../../../src/domain/cases/workflow.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import {
  casesOf,
  EVERY_CASE,
  everyWalk,
  free,
  newAct,
  newChange,
  newMessage,
  plantAssignee,
  plantCase,
  plantPatient,
  plantStep,
} from './case-fixtures.ts';
import { atOnce, failureOf, undo } from './expectations.ts';
import { at, newHash, plantDataKey, plantPhysician, plantTenant, plantUser } from './fixtures.ts';
import { everythingOf, expectNothingOf } from './kept-case.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<
  StoreWorld,
  'unitOfWork' | 'dataKeyStore' | 'readAssignment' | 'readAudit' | 'readEvents' | 'readLegacyOwner'
>;

/** What every `CaseStore` keeps of the steps in the life of a case. */
export function savingCasesContract(open: OpenWorld<keyof World>): void {
  describe('saving', () => {
    stepsContract(open);
    partsContract(open);
  });
  describe('saving, whole or not at all', () => {
    wholenessContract(open);
  });
}

function stepsContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what each step makes of a case, in every state, with its event and its audit entry', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const physician = await plantPhysician(world, patient.tenantId);
    const cases = casesOf(world, patient.tenantId);
    for (let index = 0; index < 6; index += 1) {
      const queued = await plantCase(world, keyId, patient, { specialty: 'cardiology', vendorId: 'north' });
      const submission = await world.readEvents(queued.id);
      const transitions = everyWalk(queued, physician)[index]!;
      for (const transition of transitions) {
        const change = newChange(transition);
        expect(await cases.save(change)).to.equal(true);
        expect(await cases.find(queued.id, EVERY_CASE)).to.deep.equal(transition.after);
        expect(await world.readAudit(patient.tenantId)).to.deep.include(change.audit);
      }
      const events = transitions.map(({ event }) => event);
      expect(await world.readEvents(queued.id)).to.deep.equal([...submission, ...events]);
    }
  });

  it('keeps the clocks and the flags of a case', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { held } = await plantAssignee(world, await plantCase(world, keyId, patient));
    const { after, ...rest } = start(held, newAct({ now: at(120) }));
    const clock = {
      dueSeconds: 7200,
      stateSince: at(120),
      escalations: 3,
      reminders: 2,
      followUps: 1,
      answeredAt: at(1),
      awaySince: at(2),
    };
    const flags = ['overflow', 'assignee-away'] as const;
    const changed = { ...after, clock, flags, dueAt: at(99.999) };
    await plantStep(world, { ...rest, after: changed });
    expect(await casesOf(world, patient.tenantId).find(held.id, EVERY_CASE)).to.deep.equal(changed);
  });

  it("makes an anonymous case a patient's", async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const queued = await plantCase(world, keyId, { id: null, tenantId: patient.tenantId });
    const after = await plantStep(world, adopt(queued, patient.id, newAct()));
    const scope = { kind: 'patient', patientId: patient.id } as const;
    expect(await casesOf(world, patient.tenantId).find(queued.id, scope)).to.deep.equal(after);
  });
}

function partsContract(open: OpenWorld<keyof World>): void {
  it('keeps the text and the reason that come with a step, both or one of them', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { held } = await plantAssignee(world, await plantCase(world, keyId, patient));
    const cases = casesOf(world, patient.tenantId);
    const first = await cases.listMessages(held.id);
    const [started, released] = [start(held, newAct({ now: at(90) })), release(held, newAct())];
    const message = newMessage(held, keyId, { at: at(90) });
    const reason = { keyId, bytes: newHash() };
    const after = await plantStep(world, started, { message });
    expect(await cases.listMessages(held.id)).to.deep.equal([...first, message]);
    expect(await cases.listReasons(held.id)).to.deep.equal([]);
    const back = release(after, newAct({ actorRole: 'admin', actorId: patient.id, now: at(95) }));
    const last = newMessage(held, keyId, { at: at(95) });
    await plantStep(world, back, { message: last, reason });
    expect(await cases.listMessages(held.id)).to.deep.equal([...first, message, last]);
    const { id: eventId, type, actorRole } = back.event;
    const kept = { eventId, type, actorRole, body: reason, at: at(95) };
    expect(await cases.listReasons(held.id)).to.deep.equal([kept]);
    expect(await cases.save(newChange(released, { reason }))).to.equal(false);
  });

  it('lets the assignment follow the assignee', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const queued = await plantCase(world, keyId, patient);
    expect(await world.readAssignment(queued.id)).to.equal(null);
    const { held, physician } = await plantAssignee(world, queued);
    const first = { physicianId: physician.id, physicianTenantId: tenantId, assignedAt: held.updatedAt };
    expect(await world.readAssignment(queued.id)).to.deep.equal(first);
    const started = await plantStep(world, start(held, newAct({ now: at(90) })));
    expect(await world.readAssignment(queued.id)).to.deep.equal(first);
    const other = await plantPhysician(world, tenantId);
    const moved = await plantStep(world, reassign(started, free(other), newAct({ now: at(95) })));
    const second = { physicianId: other.id, physicianTenantId: tenantId, assignedAt: at(95) };
    expect(await world.readAssignment(queued.id)).to.deep.equal(second);
    await plantStep(world, release(moved, newAct({ now: at(99) })));
    expect(await world.readAssignment(queued.id)).to.equal(null);
  });

  it('gives a case to a physician of the practice, whatever its tenant', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const queued = await plantCase(world, keyId, patient);
    const { id: physicianId, ...physician } = await plantPhysician(world, DEFAULT_TENANT_ID);
    const after = await plantStep(world, assign(queued, free({ ...physician, id: physicianId }), newAct()));
    expect(after.physicianId).to.equal(physicianId);
    expect(await world.readAssignment(queued.id)).to.deep.equal({
      physicianId,
      physicianTenantId: DEFAULT_TENANT_ID,
      assignedAt: after.updatedAt,
    });
  });
}

function wholenessContract(open: OpenWorld<keyof World>): void {
  it('keeps nothing of a step from a version or a state that the case is not in', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { held } = await plantAssignee(world, await plantCase(world, keyId, patient));
    const cases = casesOf(world, patient.tenantId);
    const parts = { message: newMessage(held, keyId), reason: { keyId, bytes: newHash() } };
    const { physicianId: _, ...unheld } = held;
    const elsewhere = { ...unheld, state: 'queued', physicianId: null } as const;
    const physician = await plantPhysician(world, patient.tenantId);
    for (const stale of [
      newChange(release({ ...held, version: held.version - 1 }, newAct()), parts),
      newChange(release({ ...held, version: held.version + 1 }, newAct()), parts),
      newChange(assign(elsewhere, free(physician), newAct()), parts),
    ]) {
      await expectNothingOf(world, stale, async () => expect(await cases.save(stale)).to.equal(false));
    }
  });

  it('lets one of many who save a case at once win, and keeps nothing of the others', async () => {
    await checkParallelSaving(await open());
  });

  it('keeps nothing where the last part cannot be kept', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { keyId: foreignKey } = await plantPatient(world);
    const { held } = await plantAssignee(world, await plantCase(world, keyId, patient));
    const cases = casesOf(world, patient.tenantId);
    const [own, foreign] = [
      { keyId, bytes: newHash() },
      { keyId: foreignKey, bytes: newHash() },
    ];
    for (const parts of [
      { message: newMessage(held, keyId), reason: foreign },
      { message: newMessage(held, foreignKey), reason: own },
    ]) {
      const change = newChange(release(held, newAct()), parts);
      await expectNothingOf(world, change, () => failureOf(cases.save(change)));
    }
  });

  it('gives no case to a physician of another tenant, unless it is the practice', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const queued = await plantCase(world, keyId, patient);
    const stranger = await plantPhysician(world, (await plantTenant(world)).id);
    // The rules would not let it happen; the store does not either.
    const posing = { ...stranger, tenantId: patient.tenantId };
    const change = newChange(assign(queued, free(posing), newAct()));
    await expectNothingOf(world, change, () => failureOf(casesOf(world, patient.tenantId).save(change)));
  });

  it('gives no case to a patient of another tenant', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const keyId = await plantDataKey(world, tenantId);
    const queued = await plantCase(world, keyId, { id: null, tenantId });
    const stranger = await plantUser(world);
    const change = newChange(adopt(queued, stranger.id, newAct()));
    await expectNothingOf(world, change, () => failureOf(casesOf(world, tenantId).save(change)));
  });

  it('saves no case of another tenant', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { held } = await plantAssignee(world, await plantCase(world, keyId, patient));
    const { id: tenantId } = await plantTenant(world);
    const change = newChange(release(held, newAct()));
    await expectNothingOf(world, change, () => failureOf(casesOf(world, tenantId).save(change)));
    const posing = newChange(release({ ...held, tenantId }, newAct()));
    await expectNothingOf(world, change, async () => {
      expect(await casesOf(world, tenantId).save(posing)).to.equal(false);
    });
    expect(await world.readAudit(tenantId)).to.deep.equal([]);
  });

  it('keeps no step of a unit of work that failed', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { held } = await plantAssignee(world, await plantCase(world, keyId, patient));
    const parts = { message: newMessage(held, keyId), reason: { keyId, bytes: newHash() } };
    const change = newChange(release(held, newAct()), parts);
    await expectNothingOf(world, change, () =>
      undo(world, patient.tenantId, async ({ cases }) => {
        expect(await cases.save(change)).to.equal(true);
      }),
    );
  });
}

/** Saves many steps of one case at once, each with all that can come with one: one of them is kept. */
export async function checkParallelSaving(world: World): Promise<void> {
  const { patient, keyId } = await plantPatient(world);
  const { tenantId } = patient;
  const cases = casesOf(world, tenantId);
  const queued = await plantCase(world, keyId, patient);
  const before = await everythingOf(world, queued);
  const changes = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const physician = await plantPhysician(world, tenantId);
      const parts = { message: newMessage(queued, keyId), reason: { keyId, bytes: newHash() } };
      return newChange(assign(queued, free(physician), newAct()), parts);
    }),
  );
  const saved = await atOnce(changes.length, (index) => cases.save(changes[index]!));
  expect(saved.filter(Boolean)).to.have.length(1);
  const { after, audit, event, message, reason } = changes[saved.indexOf(true)]!;
  const kept = await everythingOf(world, queued);
  expect(kept.found).to.deep.equal(after);
  expect(kept.events).to.deep.equal([...before.events, event]);
  expect(kept.audit).to.deep.equal([...before.audit, audit]);
  expect(kept.messages).to.deep.equal([...before.messages, message]);
  expect(kept.reasons.map(({ eventId, body }) => ({ eventId, body }))).to.deep.equal([
    { eventId: event.id, body: reason },
  ]);
  expect(kept.assignment?.physicianId).to.equal(after.physicianId);
}
