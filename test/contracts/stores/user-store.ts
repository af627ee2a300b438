import { expect } from 'chai';
import { EmailTaken, UserConflict } from '../../../src/domain/identity/errors.ts';
import { changeUser, type User, withEmailVerified, withLanguage } from '../../../src/domain/identity/user.ts';
import { at, newEmail, newId, newUser, NOW, plantTenant, plantUser } from './fixtures.ts';
import { atOnce, atOnceSettled, everyPage, failureOf, inOrder, refusalOf, undo } from './expectations.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork'>;

const usersOf = ({ unitOfWork }: World, tenantId: string) => unitOfWork.stores(tenantId).users;

/** What every `UserStore` keeps. */
export function userStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a UserStore`, () => {
    describe('adding', () => {
      addingContract(open);
    });
    describe('saving', () => {
      savingContract(open);
    });
    describe('listing', () => {
      listingContract(open);
    });
    describe('admins', () => {
      adminsContract(open);
    });
  });
}

function addingContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what was added', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const full = newUser(tenantId, {
      email: 'Ünïcode+Tag@Example.org',
      role: 'admin',
      isActive: false,
      emailVerifiedAt: at(1),
      registrationPending: true,
      language: 'he',
      tokenEpoch: 7,
      updatedAt: at(2),
    });
    const bare = newUser(tenantId, { passwordHash: null });
    for (const user of [full, bare]) {
      await usersOf(world, tenantId).add(user);
      expect(await usersOf(world, tenantId).find(user.id)).to.deep.equal(user);
    }
  });

  it('finds nobody by an id that no account has', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    expect(await usersOf(world, tenantId).find(newId())).to.equal(null);
  });

  it('shows nobody the accounts of another tenant', async () => {
    const world = await open();
    const user = await plantUser(world);
    const other = await plantTenant(world);
    expect(await usersOf(world, other.id).find(user.id)).to.equal(null);
    expect(await usersOf(world, other.id).list({ limit: 10, after: null })).to.deep.equal({
      items: [],
      next: null,
    });
  });

  it('does not take an account of another tenant', async () => {
    const world = await open();
    const [own, other] = [await plantTenant(world), await plantTenant(world)];
    const user = newUser(other.id);
    await failureOf(usersOf(world, own.id).add(user));
    expect(await usersOf(world, other.id).find(user.id)).to.equal(null);
  });

  it('refuses an address that the tenant has, in whatever case', async () => {
    const world = await open();
    const user = await plantUser(world, { email: 'jörg.müller@example.org' });
    const again = newUser(user.tenantId, { email: 'JÖRG.Müller@Example.ORG' });
    await refusalOf(EmailTaken, usersOf(world, user.tenantId).add(again));
    expect(await usersOf(world, user.tenantId).find(again.id)).to.equal(null);
  });

  it('takes an address that another tenant has', async () => {
    const world = await open();
    const { email } = await plantUser(world);
    const other = await plantUser(world, { email });
    expect(await usersOf(world, other.tenantId).find(other.id)).to.deep.equal(other);
  });

  it('gives an address to one of many who ask for it at once', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const email = newEmail();
    const { done, refused } = await atOnceSettled(20, (index) =>
      usersOf(world, tenantId).add(newUser(tenantId, { email: index % 2 ? email : email.toUpperCase() })),
    );
    expect(done).to.have.length(1);
    expect(refused.every((refusal) => refusal instanceof EmailTaken)).to.equal(true);
    expect((await usersOf(world, tenantId).list({ limit: 100, after: null })).items).to.have.length(1);
  });

  it('keeps no account of a unit of work that failed', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const user = newUser(tenantId);
    await undo(world, tenantId, ({ users }) => users.add(user));
    expect(await usersOf(world, tenantId).find(user.id)).to.equal(null);
    await usersOf(world, tenantId).add(user);
  });
}

function savingContract(open: OpenWorld<keyof World>): void {
  it('replaces all that may change', async () => {
    const world = await open();
    const user = await plantUser(world);
    const changed: User = {
      ...user,
      email: newEmail(),
      passwordHash: null,
      role: 'physician',
      isActive: false,
      emailVerifiedAt: at(3),
      registrationPending: true,
      language: 'ru',
      tokenEpoch: user.tokenEpoch + 1,
      updatedAt: at(4),
      version: user.version + 1,
    };
    await usersOf(world, user.tenantId).save(changed);
    expect(await usersOf(world, user.tenantId).find(user.id)).to.deep.equal(changed);
    const confirmed = withEmailVerified(changed, at(5));
    await usersOf(world, user.tenantId).save(confirmed);
    expect(await usersOf(world, user.tenantId).find(user.id)).to.deep.equal(confirmed);
  });

  it('refuses a stale version, a version ahead of its time and an unknown account', async () => {
    const world = await open();
    const user = await plantUser(world);
    const users = usersOf(world, user.tenantId);
    const saved = withLanguage(user, 'he', at(1));
    await users.save(saved);
    await refusalOf(UserConflict, users.save(withLanguage(user, 'ru', at(2))));
    await refusalOf(UserConflict, users.save({ ...saved, version: saved.version + 2 }));
    await refusalOf(UserConflict, users.save({ ...newUser(user.tenantId), version: 2 }));
    expect(await users.find(user.id)).to.deep.equal(saved);
  });

  it('keeps one of many changes made at once', async () => {
    const world = await open();
    const user = await plantUser(world);
    const { done, refused } = await atOnceSettled(10, async (index) => {
      const changed = withLanguage(user, `en-x-${String(index)}`, at(index));
      await usersOf(world, user.tenantId).save(changed);
      return changed;
    });
    expect(done).to.have.length(1);
    expect(refused.every((refusal) => refusal instanceof UserConflict)).to.equal(true);
    expect(await usersOf(world, user.tenantId).find(user.id)).to.deep.equal(done[0]);
  });

  it('refuses an address that another account has', async () => {
    const world = await open();
    const { email, tenantId } = await plantUser(world);
    const user = await plantUser(world, { tenantId });
    const renamed = { ...user, email, version: user.version + 1 };
    await refusalOf(EmailTaken, usersOf(world, tenantId).save(renamed));
    expect(await usersOf(world, tenantId).find(user.id)).to.deep.equal(user);
  });

  it('changes no account of another tenant', async () => {
    const world = await open();
    const user = await plantUser(world);
    const other = await plantTenant(world);
    const changed = withLanguage(user, 'he', at(1));
    await failureOf(usersOf(world, other.id).save(changed));
    await refusalOf(UserConflict, usersOf(world, other.id).save({ ...changed, tenantId: other.id }));
    expect(await usersOf(world, user.tenantId).find(user.id)).to.deep.equal(user);
  });

  it('keeps no change of a unit of work that failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    await undo(world, user.tenantId, ({ users }) => users.save(withLanguage(user, 'he', at(1))));
    expect(await usersOf(world, user.tenantId).find(user.id)).to.deep.equal(user);
  });
}

function listingContract(open: OpenWorld<keyof World>): void {
  it('gives every account once, newest first, whatever the size of the page', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const added: User[] = [];
    // Two and two of one moment, so that the id has to decide between them.
    for (const seconds of [0, 0, 5, 5, 9]) {
      added.push(await plantUser(world, { tenantId, createdAt: at(seconds) }));
    }
    for (const limit of [1, 2, 5, 100]) {
      const listed = await everyPage((request) => usersOf(world, tenantId).list(request), limit);
      expect(listed).to.deep.equal(inOrder(added));
    }
  });

  it('gives an account that was added meanwhile to no later page', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const [oldest, middle] = [
      await plantUser(world, { tenantId, createdAt: at(1) }),
      await plantUser(world, { tenantId, createdAt: at(2) }),
    ];
    const first = await usersOf(world, tenantId).list({ limit: 1, after: null });
    await plantUser(world, { tenantId, createdAt: at(3) });
    const second = await usersOf(world, tenantId).list({ limit: 1, after: first.next });
    expect([...first.items, ...second.items]).to.deep.equal([middle, oldest]);
    expect(second.next).to.equal(null);
  });
}

function adminsContract(open: OpenWorld<keyof World>): void {
  it('lists the active admins of the tenant only', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const first = await plantUser(world, { tenantId, role: 'admin' });
    const second = await plantUser(world, { tenantId, role: 'admin' });
    await plantUser(world, { tenantId, role: 'admin', isActive: false });
    await plantUser(world, { tenantId, role: 'physician' });
    await plantUser(world, { role: 'admin' });
    const admins = await world.unitOfWork.run(tenantId, ({ users }) => users.listActiveAdminsForUpdate());
    expect(admins).to.have.members([first.id, second.id]);
  });

  it('gives the accounts of the active admins of the tenant, by id, also of those who have not confirmed their address', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const ids = [newId(), newId(), newId()].sort();
    // Neither in the order of the ids nor in that of their beginning.
    const late = await plantUser(world, { tenantId, role: 'admin', id: ids[2]!, createdAt: at(2) });
    const early = await plantUser(world, { tenantId, role: 'admin', id: ids[0]!, createdAt: at(3) });
    const unconfirmed = { emailVerifiedAt: null, id: ids[1]!, createdAt: at(1) };
    const middle = await plantUser(world, { tenantId, role: 'admin', ...unconfirmed });
    await plantUser(world, { tenantId, role: 'admin', isActive: false });
    await plantUser(world, { tenantId, role: 'physician' });
    await plantUser(world, { role: 'admin' });
    expect(await usersOf(world, tenantId).listActiveAdmins()).to.deep.equal([early, middle, late]);
    const bare = await plantTenant(world);
    expect(await usersOf(world, bare.id).listActiveAdmins()).to.deep.equal([]);
  });

  it('gives an account that is held, and none of another tenant', async () => {
    const world = await open();
    const user = await plantUser(world);
    const other = await plantTenant(world);
    const lock = (tenantId: string) => world.unitOfWork.run(tenantId, ({ users }) => users.lock(user.id));
    expect(await lock(user.tenantId)).to.deep.equal(user);
    expect(await lock(other.id)).to.equal(null);
  });

  it('lets one of the last two admins go when both try at once', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const admins = [
      await plantUser(world, { tenantId, role: 'admin' }),
      await plantUser(world, { tenantId, role: 'admin' }),
    ];
    const left = await atOnce(2, (index) =>
      world.unitOfWork.run(tenantId, async ({ users }) => {
        const admin = admins[index]!;
        const active = await users.listActiveAdminsForUpdate();
        if (!active.some((id) => id !== admin.id)) return false;
        await users.save(changeUser(admin, { role: 'patient' }, NOW));
        return true;
      }),
    );
    expect(left).to.have.members([true, false]);
    const remaining = await world.unitOfWork.run(tenantId, ({ users }) => users.listActiveAdminsForUpdate());
    expect(remaining).to.have.length(1);
  });
}
