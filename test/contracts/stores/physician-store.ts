import { expect } from 'chai';
import { PhysicianConflict, PhysicianExists } from '../../../src/domain/identity/errors.ts';
import { changePhysician, type Physician } from '../../../src/domain/identity/physician.ts';
import { at, newId, newPhysician, plantPhysician, plantTenant, plantUser } from './fixtures.ts';
import { atOnceSettled, everyPage, failureOf, inOrder, refusalOf, undo } from './expectations.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork'>;

const physiciansOf = ({ unitOfWork }: World, tenantId: string) => unitOfWork.stores(tenantId).physicians;

/** What every `PhysicianStore` keeps. */
export function physicianStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a PhysicianStore`, () => {
    describe('adding', () => {
      addingContract(open);
    });
    describe('saving', () => {
      savingContract(open);
    });
    describe('listing', () => {
      listingContract(open);
    });
  });
}

/** Many make a physician of one account at once: one does. */
export async function checkParallelPhysicians(world: World): Promise<void> {
  const user = await plantUser(world, { role: 'physician' });
  const { done, refused } = await atOnceSettled(20, async () => {
    const physician = newPhysician(user);
    await physiciansOf(world, user.tenantId).add(physician);
    return physician;
  });
  expect(done).to.have.length(1);
  expect(refused.every((refusal) => refusal instanceof PhysicianExists)).to.equal(true);
  const { items } = await physiciansOf(world, user.tenantId).list({ limit: 100, after: null });
  expect(items).to.deep.equal(done);
}

/** Many change one physician at once: one does. */
export async function checkParallelChanges(world: World): Promise<void> {
  const { id: tenantId } = await plantTenant(world);
  const physician = await plantPhysician(world, tenantId);
  const { done, refused } = await atOnceSettled(10, async (index) => {
    const changed = changePhysician(physician, { maxOpenCases: 20 + index }, at(index));
    await physiciansOf(world, tenantId).save(changed);
    return changed;
  });
  expect(done).to.have.length(1);
  expect(refused.every((refusal) => refusal instanceof PhysicianConflict)).to.equal(true);
  expect(await physiciansOf(world, tenantId).find(physician.id)).to.deep.equal(done[0]);
}

function addingContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly the physician, by id and by user', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const given = {
      languagePreference: 'he',
      languages: ['he', 'en', 'pt-BR', 'a,b "c"'],
      privatePool: 'צפון “north” {1,2}',
      vacationMode: true,
      maxOpenCases: 1000,
      updatedAt: at(7),
    };
    for (const physician of [
      await plantPhysician(world, tenantId),
      await plantPhysician(world, tenantId, given),
    ]) {
      const physicians = physiciansOf(world, tenantId);
      expect(await physicians.find(physician.id)).to.deep.equal(physician);
      expect(await physicians.findByUser(physician.userId)).to.deep.equal(physician);
    }
  });

  it('finds nothing by an unknown id, nor behind a user who is no physician', async () => {
    const world = await open();
    const user = await plantUser(world);
    const physicians = physiciansOf(world, user.tenantId);
    expect(await physicians.find(newId())).to.equal(null);
    expect(await physicians.findByUser(user.id)).to.equal(null);
  });

  it('shows nobody the physicians of another tenant', async () => {
    const world = await open();
    const physician = await plantPhysician(world, (await plantTenant(world)).id);
    const physicians = physiciansOf(world, (await plantTenant(world)).id);
    expect(await physicians.find(physician.id)).to.equal(null);
    expect(await physicians.findByUser(physician.userId)).to.equal(null);
    expect(await physicians.list({ limit: 10, after: null })).to.deep.equal({ items: [], next: null });
  });

  it('does not take a physician of another tenant, nor one behind its user', async () => {
    const world = await open();
    const [own, other] = [await plantTenant(world), await plantUser(world, { role: 'physician' })];
    const physician = newPhysician(other);
    await failureOf(physiciansOf(world, own.id).add(physician));
    await failureOf(physiciansOf(world, own.id).add({ ...physician, tenantId: own.id }));
    for (const { id } of [own, { id: other.tenantId }]) {
      expect((await physiciansOf(world, id).list({ limit: 10, after: null })).items).to.deep.equal([]);
    }
  });

  it('refuses a second physician behind a user', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const first = await plantPhysician(world, tenantId);
    const second = newPhysician({ id: first.userId, tenantId });
    await refusalOf(PhysicianExists, physiciansOf(world, tenantId).add(second));
    expect(await physiciansOf(world, tenantId).find(second.id)).to.equal(null);
    expect(await physiciansOf(world, tenantId).findByUser(first.userId)).to.deep.equal(first);
  });

  it('makes one of many who are added behind a user at once', async () => {
    await checkParallelPhysicians(await open());
  });

  it('keeps no physician of a unit of work that failed', async () => {
    const world = await open();
    const user = await plantUser(world, { role: 'physician' });
    const physician = newPhysician(user);
    await undo(world, user.tenantId, ({ physicians }) => physicians.add(physician));
    expect(await physiciansOf(world, user.tenantId).find(physician.id)).to.equal(null);
    await physiciansOf(world, user.tenantId).add(physician);
  });
}

function savingContract(open: OpenWorld<keyof World>): void {
  const planted = async (world: World): Promise<Physician> =>
    plantPhysician(world, (await plantTenant(world)).id);

  it('replaces all that may change', async () => {
    const world = await open();
    const physician = await planted(world);
    const physicians = physiciansOf(world, physician.tenantId);
    const changes = {
      languagePreference: 'ru',
      languages: ['ru', 'fr'],
      privatePool: 'south',
      vacationMode: true,
      maxOpenCases: 1,
    };
    const changed = changePhysician(physician, changes, at(1));
    await physicians.save(changed);
    expect(await physicians.find(physician.id)).to.deep.equal(changed);
    const back = changePhysician(changed, { privatePool: null, vacationMode: false }, at(2));
    await physicians.save(back);
    expect(await physicians.findByUser(physician.userId)).to.deep.equal(back);
  });

  it('refuses a stale version, a version ahead of its time and an unknown physician', async () => {
    const world = await open();
    const physician = await planted(world);
    const physicians = physiciansOf(world, physician.tenantId);
    const saved = changePhysician(physician, { maxOpenCases: 2 }, at(1));
    await physicians.save(saved);
    const stale = changePhysician(physician, { maxOpenCases: 3 }, at(2));
    await refusalOf(PhysicianConflict, physicians.save(stale));
    await refusalOf(PhysicianConflict, physicians.save({ ...saved, version: saved.version + 2 }));
    const nobody = newPhysician({ id: physician.userId, tenantId: physician.tenantId }, { version: 2 });
    await refusalOf(PhysicianConflict, physicians.save(nobody));
    expect(await physicians.find(physician.id)).to.deep.equal(saved);
  });

  it('keeps one of many changes made at once', async () => {
    await checkParallelChanges(await open());
  });

  it('changes no physician of another tenant', async () => {
    const world = await open();
    const physician = await planted(world);
    const other = await plantTenant(world);
    const changed = changePhysician(physician, { vacationMode: true }, at(1));
    await failureOf(physiciansOf(world, other.id).save(changed));
    const moved = { ...changed, tenantId: other.id };
    await refusalOf(PhysicianConflict, physiciansOf(world, other.id).save(moved));
    expect(await physiciansOf(world, physician.tenantId).find(physician.id)).to.deep.equal(physician);
  });

  it('keeps no change of a unit of work that failed', async () => {
    const world = await open();
    const physician = await planted(world);
    const changed = changePhysician(physician, { vacationMode: true }, at(1));
    await undo(world, physician.tenantId, ({ physicians }) => physicians.save(changed));
    expect(await physiciansOf(world, physician.tenantId).find(physician.id)).to.deep.equal(physician);
  });
}

function listingContract(open: OpenWorld<keyof World>): void {
  it('gives every physician once, newest first, whatever the size of the page', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const added: Physician[] = [];
    // Two and two of one moment, so that the id has to decide between them.
    for (const seconds of [0, 0, 5, 5, 9]) {
      added.push(await plantPhysician(world, tenantId, { createdAt: at(seconds) }));
    }
    for (const limit of [1, 2, 5, 100]) {
      const listed = await everyPage((request) => physiciansOf(world, tenantId).list(request), limit);
      expect(listed).to.deep.equal(inOrder(added));
    }
  });
}
