import { expect } from 'chai';
import { nextTimer } from '../../../src/domain/cases/timers.ts';
import { cancel } from '../../../src/domain/cases/workflow.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';
import { newAct, plantAssignee, plantCase, plantPatient, plantStep } from './case-fixtures.ts';
import { at, newId, plantTenant } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore' | 'caseTimers'>;

const FOR_EVER = new Date('2200-01-01T00:00:00.000Z');

/** The ids of what is due, out of the cases that are given. */
async function dueOf(
  { caseTimers }: World,
  now: Date,
  cases: readonly { readonly id: string }[],
): Promise<readonly string[]> {
  const ids = new Set(cases.map(({ id }) => id));
  const due = await caseTimers.listDue(now, 100_000);
  return due.map(({ caseId }) => caseId).filter((id) => ids.has(id));
}

/** What every `CaseTimers` keeps. */
export function caseTimersContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as CaseTimers`, () => {
    listingContract(open);
    settingContract(open);
  });
}

function listingContract(open: OpenWorld<keyof World>): void {
  it('lists a case from the moment on at which its next timer is due, with its tenant and version', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const queued = await plantCase(world, keyId, patient);
    const due = nextTimer(queued)!.at;
    expect(await dueOf(world, addSeconds(due, -0.001), [queued])).to.deep.equal([]);
    const listed = await world.caseTimers.listDue(due, 100_000);
    const { id: caseId, tenantId, version } = queued;
    expect(listed).to.deep.include({ caseId, tenantId, version });
  });

  it('follows each step of a case, and forgets one that time has nothing to do with', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const queued = await plantCase(world, keyId, patient);
    const { held } = await plantAssignee(world, queued);
    const due = nextTimer(held)!.at;
    expect(due).to.not.deep.equal(nextTimer(queued)!.at);
    expect(await dueOf(world, addSeconds(due, -0.001), [queued])).to.deep.equal([]);
    expect(await dueOf(world, due, [queued])).to.deep.equal([queued.id]);
    await plantStep(world, cancel(held, newAct()));
    expect(await dueOf(world, FOR_EVER, [queued])).to.deep.equal([]);
  });

  it('lists those of all tenants, that which is due for longest first, and no more than it is asked for', async () => {
    const world = await open();
    const plant = async (seconds: number) => {
      const { patient, keyId } = await plantPatient(world);
      return plantCase(world, keyId, patient, {}, at(seconds));
    };
    const [late, early, middle] = [await plant(300), await plant(100), await plant(200)];
    const listed = await dueOf(world, FOR_EVER, [late, early, middle]);
    expect(listed).to.deep.equal([early.id, middle.id, late.id]);
    for (const limit of [1, 2]) {
      expect(await world.caseTimers.listDue(FOR_EVER, limit)).to.have.length(limit);
    }
  });
}

function settingContract(open: OpenWorld<keyof World>): void {
  it('looks at a case again when it is told to, or not any more', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const queued = await plantCase(world, keyId, patient);
    const { id: caseId, tenantId, version } = queued;
    await world.caseTimers.setNext({ caseId, tenantId, version }, at(5));
    expect(await dueOf(world, at(4.999), [queued])).to.deep.equal([]);
    expect(await dueOf(world, at(5), [queued])).to.deep.equal([caseId]);
    await world.caseTimers.setNext({ caseId, tenantId, version }, null);
    expect(await dueOf(world, FOR_EVER, [queued])).to.deep.equal([]);
  });

  it('leaves a case that has changed since, one of another tenant, and one that is not there', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const queued = await plantCase(world, keyId, patient);
    const { held } = await plantAssignee(world, queued);
    const { id: caseId, tenantId, version } = held;
    const other = await plantTenant(world);
    await world.caseTimers.setNext({ caseId, tenantId, version: queued.version }, null);
    await world.caseTimers.setNext({ caseId, tenantId: other.id, version }, null);
    await world.caseTimers.setNext({ caseId: newId(), tenantId, version }, null);
    expect(await dueOf(world, nextTimer(held)!.at, [held])).to.deep.equal([caseId]);
  });
}
