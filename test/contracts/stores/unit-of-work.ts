import { expect } from 'chai';
import { EmailTaken, UserConflict } from '../../../src/domain/identity/errors.ts';
import { withLanguage } from '../../../src/domain/identity/user.ts';
import { at, newEntry, newUser, plantTenant, plantUser } from './fixtures.ts';
import { atOnceSettled, refusalOf, undo } from './expectations.ts';
import type { OpenWorld } from './store-world.ts';

/** What every `UnitOfWork` keeps. */
export function unitOfWorkContract(name: string, open: OpenWorld<'unitOfWork' | 'readAudit'>): void {
  describe(`${name} as a UnitOfWork`, () => {
    wholenessContract(open);
    concurrencyContract(open);
  });
}

function wholenessContract(open: OpenWorld<'unitOfWork' | 'readAudit'>): void {
  it('keeps all of the work, and gives back what it gave', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const user = newUser(tenantId);
    const given = await world.unitOfWork.run(tenantId, async ({ users, audit }) => {
      await users.add(user);
      await audit.add(newEntry(tenantId));
      return users.find(user.id);
    });
    expect(given).to.deep.equal(user);
    expect(await world.unitOfWork.stores(tenantId).users.find(user.id)).to.deep.equal(user);
    expect(await world.readAudit(tenantId)).to.have.length(1);
  });

  it('keeps nothing of work that throws, and throws the same', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const user = newUser(tenantId);
    await undo(world, tenantId, async ({ users, audit }) => {
      await users.add(user);
      await audit.add(newEntry(tenantId));
    });
    expect(await world.unitOfWork.stores(tenantId).users.find(user.id)).to.equal(null);
    expect(await world.readAudit(tenantId)).to.deep.equal([]);
  });

  it('keeps nothing of work that goes on after a refusal by the store', async () => {
    const world = await open();
    const { email, tenantId } = await plantUser(world);
    const work = world.unitOfWork.run(tenantId, async ({ users, audit }) => {
      await audit.add(newEntry(tenantId));
      await users.add(newUser(tenantId, { email })).catch(() => undefined);
    });
    await refusalOf(EmailTaken, work);
    expect(await world.readAudit(tenantId)).to.deep.equal([]);
  });

  it('shows nobody what is not kept yet', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const user = newUser(tenantId);
    await world.unitOfWork.run(tenantId, async ({ users }) => {
      await users.add(user);
      expect(await world.unitOfWork.stores(tenantId).users.find(user.id)).to.equal(null);
    });
    expect(await world.unitOfWork.stores(tenantId).users.find(user.id)).to.deep.equal(user);
  });
}

function concurrencyContract(open: OpenWorld<'unitOfWork' | 'readAudit'>): void {
  it('loses no change, however many read and write the same record at once', async () => {
    const world = await open();
    const { id, tenantId, version } = await plantUser(world);
    const { done, refused } = await atOnceSettled(10, (index) =>
      world.unitOfWork.run(tenantId, async ({ users, audit }) => {
        const user = await users.find(id);
        await audit.add(newEntry(tenantId));
        await users.save(withLanguage(user!, `en-x-${String(index)}`, at(index)));
      }),
    );
    expect(done.length).to.be.at.least(1);
    expect(refused.every((refusal) => refusal instanceof UserConflict)).to.equal(true);
    const user = await world.unitOfWork.stores(tenantId).users.find(id);
    expect(user?.version).to.equal(version + done.length);
    expect(await world.readAudit(tenantId)).to.have.length(done.length);
  });

  it('ends works that hold the same two records in opposite order', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const [first, second] = [await plantUser(world, { tenantId }), await plantUser(world, { tenantId })];
    const { done, refused } = await atOnceSettled(2, (index) =>
      world.unitOfWork.run(tenantId, async ({ users }) => {
        for (const user of index === 0 ? [first, second] : [second, first]) {
          await users.save(withLanguage(user, `en-x-${String(index)}`, at(index)));
        }
      }),
    );
    expect(done).to.have.length(1);
    expect(refused[0]).to.be.instanceOf(UserConflict);
  });
}
