import { expect } from 'chai';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { MemoryUnitOfWork } from '../../../src/adapters/memory/memory-unit-of-work.ts';
import { withLanguage } from '../../../src/domain/identity/user.ts';
import type { Stores } from '../../../src/application/ports/unit-of-work.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { anId, aUser, NOW } from '../../support/builders.ts';

describe('MemoryDatabase', () => {
  it('runs a unit of work again where the records changed meanwhile', async () => {
    const unitOfWork = new MemoryUnitOfWork(new MemoryDatabase());
    const { users } = unitOfWork.stores(DEFAULT_TENANT_ID);
    const user = aUser();
    await users.add(user);
    let runs = 0;
    await unitOfWork.run(DEFAULT_TENANT_ID, async (stores) => {
      runs += 1;
      const found = await stores.users.find(user.id);
      if (runs === 1) await users.save(withLanguage(user, 'he', NOW));
      await stores.users.save(withLanguage(found!, 'ru', NOW));
    });
    expect(runs).to.equal(2);
    expect(await users.find(user.id)).to.include({ language: 'ru', version: 3 });
  });

  it('does not run work again that only read', async () => {
    const unitOfWork = new MemoryUnitOfWork(new MemoryDatabase());
    let runs = 0;
    await unitOfWork.run(DEFAULT_TENANT_ID, async ({ users }) => {
      runs += 1;
      await unitOfWork.stores(DEFAULT_TENANT_ID).users.add(aUser());
      return users.find(anId());
    });
    expect(runs).to.equal(1);
  });

  it('refuses calls of a unit of work that has ended', async () => {
    const unitOfWork = new MemoryUnitOfWork(new MemoryDatabase());
    const kept: Stores[] = [];
    await unitOfWork.run(DEFAULT_TENANT_ID, (stores) => {
      kept.push(stores);
      return stores.users.add(aUser());
    });
    const late = aUser();
    expect(await failureOf(kept[0]!.users.add(late))).to.be.instanceOf(Error);
    expect(await unitOfWork.stores(DEFAULT_TENANT_ID).users.find(late.id)).to.equal(null);
  });
});
