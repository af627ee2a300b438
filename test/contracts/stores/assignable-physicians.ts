import { expect } from 'chai';
import type { CaseStore } from '../../../src/application/ports/stores/case-store.ts';
import type { Stores } from '../../../src/application/ports/unit-of-work.ts';
import type { Case } from '../../../src/domain/cases/case.ts';
import { ineligibilityOf } from '../../../src/domain/cases/eligibility.ts';
import { assign, claim, leave } from '../../../src/domain/cases/workflow.ts';
import { changePhysician, type Physician } from '../../../src/domain/identity/physician.ts';
import { changeUser } from '../../../src/domain/identity/user.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import {
  casesOf,
  EVERY_CASE,
  everyWalk,
  free,
  newAct,
  newChange,
  plantCase,
  plantPatient,
  plantStep,
} from './case-fixtures.ts';
import { atOnce } from './expectations.ts';
import { at, newId, plantPhysician, plantTenant } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore'>;

/** What every `PhysicianStore` and `CaseStore` do together so that cases go to those who may have them. */
export function assignablePhysiciansContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as the stores of physicians and their cases`, () => {
    describe('who may be given cases', () => {
      assignableContract(open);
    });
    describe('the open cases of a physician', () => {
      openCasesContract(open);
    });
    describe('claims at once', () => {
      claimsContract(open);
    });
  });
}

function assignableContract(open: OpenWorld<keyof World>): void {
  it('tells who a physician is, whether his account is active, of which role it is, and how many open cases he has', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const physician = await plantPhysician(world, tenantId, { vacationMode: true });
    const { physicians, users } = world.unitOfWork.stores(tenantId);
    const expected = { physician, isActive: true, role: 'physician', openCases: 0 };
    expect(await physicians.findAssignable(physician.id)).to.deep.equal(expected);
    expect(await physicians.lockAssignable(physician.id)).to.deep.equal(expected);
    const there = { ...physician, vacationMode: false };
    let openCases = 0;
    for (const transition of everyWalk(await plantCase(world, keyId, patient), there)[0]!) {
      const { state } = await plantStep(world, transition);
      openCases = state === 'assigned' || state === 'in_review' || state === 'info_requested' ? 1 : 0;
      expect(await physicians.findAssignable(physician.id)).to.deep.equal({ ...expected, openCases });
    }
    expect(openCases).to.equal(0);
    const user = (await users.find(physician.userId))!;
    await users.save(changeUser(user, { isActive: false, role: 'patient' }, at(1)));
    const changed = { ...expected, isActive: false, role: 'patient' };
    expect(await physicians.findAssignable(physician.id)).to.deep.equal(changed);
    expect(await physicians.lockAssignable(physician.id)).to.deep.equal(changed);
  });

  it('finds those of the tenant itself and of the practice, and of nobody else', async () => {
    const world = await open();
    const [own, other] = [await plantTenant(world), await plantTenant(world)];
    const physician = await plantPhysician(world, own.id);
    const shared = await plantPhysician(world, DEFAULT_TENANT_ID);
    const seenBy = async (tenantId: string, id: string) => {
      const { physicians } = world.unitOfWork.stores(tenantId);
      const [found, held] = [await physicians.findAssignable(id), await physicians.lockAssignable(id)];
      expect(held).to.deep.equal(found);
      return found?.physician ?? null;
    };
    expect(await seenBy(own.id, physician.id)).to.deep.equal(physician);
    expect(await seenBy(other.id, physician.id)).to.equal(null);
    expect(await seenBy(DEFAULT_TENANT_ID, physician.id)).to.equal(null);
    for (const { id } of [own, other]) expect(await seenBy(id, shared.id)).to.deep.equal(shared);
    expect(await seenBy(own.id, newId())).to.equal(null);
  });
}

function openCasesContract(open: OpenWorld<keyof World>): void {
  it('are those that he has and that are not answered, of any tenant, oldest first', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { patient: neighbour, keyId: otherKey } = await plantPatient(world);
    const physician = await plantPhysician(world, DEFAULT_TENANT_ID);
    const given = async (seconds: number, user = patient, key = keyId) =>
      plantStep(world, assign(await plantCase(world, key, user, {}, at(seconds)), free(physician), newAct()));
    const [late, early, foreign] = [await given(30), await given(10), await given(20, neighbour, otherKey)];
    for (const transition of everyWalk(await plantCase(world, keyId, patient), physician)[0]!) {
      await plantStep(world, transition);
    }
    await plantStep(
      world,
      assign(
        await plantCase(world, keyId, patient),
        free(await plantPhysician(world, patient.tenantId)),
        newAct(),
      ),
    );
    const { cases } = world.unitOfWork.stores(DEFAULT_TENANT_ID);
    expect(await cases.lockOpenOf(physician.id)).to.deep.equal([early, foreign, late]);
    expect(await casesOf(world, patient.tenantId).lockOpenOf(physician.id)).to.deep.equal([]);
    expect(await cases.lockOpenOf(newId())).to.deep.equal([]);
  });
}

function claimsContract(open: OpenWorld<keyof World>): void {
  it('give a case to one of sixty physicians', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const queued = await plantCase(world, keyId, patient);
    const physicians = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        plantPhysician(world, index % 2 === 0 ? patient.tenantId : DEFAULT_TENANT_ID),
      ),
    );
    const claimed = await atOnce(physicians.length, (index) => claimNow(world, queued, physicians[index]!));
    expect(claimed.filter(Boolean)).to.have.length(1);
    const found = await casesOf(world, patient.tenantId).find(queued.id, EVERY_CASE);
    expect(found).to.include({ state: 'assigned', physicianId: physicians[claimed.indexOf(true)]!.id });
    expect(found?.version).to.equal(2);
  });

  it('give a physician no more cases than he takes', async () => {
    await checkClaimLimit(await open());
  });

  it('leave none with a physician who went on vacation meanwhile', async () => {
    await checkClaimsBesideLeaving(await open(), async (stores, { id }) => {
      const physician = (await stores.physicians.find(id))!;
      await stores.physicians.save(changePhysician(physician, { vacationMode: true }, at(90)));
    });
  });

  it('leave none with a physician whose account was disabled meanwhile', async () => {
    await checkClaimsBesideLeaving(await open(), async ({ users }, { userId }) => {
      const user = (await users.find(userId))!;
      await users.save(changeUser(user, { isActive: false }, at(90)));
    });
  });
}

/** Claims as a use case does; @returns whether it got the case */
const claimNow = (world: World, { id, tenantId }: Case, physician: Physician): Promise<boolean> =>
  world.unitOfWork.run(tenantId, async ({ cases, physicians }) => {
    const assignable = await physicians.lockAssignable(physician.id);
    const found = await cases.find(id, EVERY_CASE);
    if (!assignable || found?.state !== 'queued' || ineligibilityOf(found, assignable) !== null) return false;
    return cases.save(newChange(claim(found, assignable, newAct())));
  });

/** Lets one physician claim many cases at once: he gets as many as he takes. */
export async function checkClaimLimit(world: World): Promise<void> {
  const { patient, keyId } = await plantPatient(world);
  const physician = await plantPhysician(world, patient.tenantId, { maxOpenCases: 3 });
  const waiting = await Promise.all(Array.from({ length: 12 }, () => plantCase(world, keyId, patient)));
  const claimed = await atOnce(waiting.length, (index) => claimNow(world, waiting[index]!, physician));
  expect(claimed.filter(Boolean)).to.have.length(3);
  const held = await casesOf(world, patient.tenantId).lockOpenOf(physician.id);
  expect(held).to.have.length(3);
}

/** Lets a physician claim many cases while he leaves, and gives back what he has by then: he ends up with none. */
async function checkClaimsBesideLeaving(
  world: World,
  goAway: (stores: Stores, physician: Physician) => Promise<void>,
): Promise<void> {
  const { patient, keyId } = await plantPatient(world);
  const physician = await plantPhysician(world, DEFAULT_TENANT_ID, { maxOpenCases: 100 });
  const waiting = await Promise.all(Array.from({ length: 20 }, () => plantCase(world, keyId, patient)));
  await atOnce(waiting.length + 1, async (index) => {
    if (index !== 8) return claimNow(world, waiting[index > 8 ? index - 1 : index]!, physician);
    return world.unitOfWork.run(DEFAULT_TENANT_ID, async (stores, elsewhere) => {
      await goAway(stores, physician);
      const held = await stores.cases.lockOpenOf(physician.id);
      return releaseAll(held, ({ tenantId }) => elsewhere(tenantId).cases);
    });
  });
  const { cases } = world.unitOfWork.stores(DEFAULT_TENANT_ID);
  expect(await cases.lockOpenOf(physician.id)).to.deep.equal([]);
}

/** Gives the cases back, which nobody else changes meanwhile. */
async function releaseAll(held: readonly Case[], storeOf: (found: Case) => CaseStore): Promise<boolean> {
  for (const found of held) {
    const transition = leave(found, newAct({ now: at(90) }));
    expect(transition && (await storeOf(found).save(newChange(transition)))).to.equal(true);
  }
  return true;
}
