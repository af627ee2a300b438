import { expect } from 'chai';
import { PasskeyLimit } from '../../../src/domain/access/errors.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { newPasskey, plantPasskey } from './access-fixtures.ts';
import { atOnce, atOnceSettled, failureOf, refusalOf, undo } from './expectations.ts';
import { at, newId, NOW, plantUser } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'passkeyDirectory'>;

const factorsOf = ({ unitOfWork }: World, user: User) => unitOfWork.stores(user.tenantId).secondFactors;

/** What a `SecondFactorStore` keeps of passkeys, and what the `PasskeyDirectory` beside it finds. */
export function passkeysContract(open: OpenWorld<keyof World>): void {
  keepingContract(open);
  usingContract(open);
  removingContract(open);
}

function keepingContract(open: OpenWorld<keyof World>): void {
  it('are given back exactly as they were added, the oldest first, and found by their credentials', async () => {
    const world = await open();
    const user = await plantUser(world);
    await plantPasskey(world, await plantUser(world, { tenantId: user.tenantId }));
    const late = await plantPasskey(world, user, { createdAt: at(9), name: 'מפתח', transports: [] });
    const early = await plantPasskey(world, user, {
      createdAt: at(1),
      counter: 4_294_967_295,
      deviceType: 'single-device',
      lastUsedAt: at(2),
    });
    expect(await factorsOf(world, user).listPasskeys(user.id)).to.deep.equal([early, late]);
    for (const passkey of [early, late]) {
      expect(await world.passkeyDirectory.find(passkey.credentialId)).to.deep.equal(passkey);
    }
    const { passkeys } = await factorsOf(world, user).summary(user.id);
    expect(passkeys).to.equal(2);
  });

  it('are found by no other credential, however alike', async () => {
    const world = await open();
    const { credentialId } = await plantPasskey(world, await plantUser(world), {
      credentialId: `aB-${newId()}`,
    });
    for (const other of ['', credentialId.toUpperCase(), `${credentialId}=`, newId()]) {
      expect(await world.passkeyDirectory.find(other)).to.equal(null);
    }
  });

  it('are registered once, by whomever', async () => {
    const world = await open();
    const [user, stranger] = [await plantUser(world), await plantUser(world)];
    const known = await plantPasskey(world, user);
    for (const owner of [user, stranger]) {
      const again = newPasskey(owner, { credentialId: known.credentialId });
      await refusalOf(PasskeyLimit, factorsOf(world, owner).addPasskey(again));
    }
    expect(await world.passkeyDirectory.find(known.credentialId)).to.deep.equal(known);
    expect(await factorsOf(world, user).listPasskeys(user.id)).to.deep.equal([known]);
    expect(await factorsOf(world, stranger).listPasskeys(stranger.id)).to.deep.equal([]);
  });

  it('are registered for one of many who register the same at once', async () => {
    const world = await open();
    const [user, stranger] = [await plantUser(world), await plantUser(world)];
    const { credentialId } = newPasskey(user);
    const { done, refused } = await atOnceSettled(10, (index) =>
      plantPasskey(world, index % 2 ? user : stranger, { credentialId }),
    );
    expect(done).to.have.length(1);
    expect(refused.every((refusal) => refusal instanceof PasskeyLimit)).to.equal(true);
    expect(await world.passkeyDirectory.find(credentialId)).to.deep.equal(done[0]);
  });

  it('are kept for no account of another tenant, and listed to none', async () => {
    const world = await open();
    const [own, stranger] = [await plantUser(world), await plantUser(world)];
    for (const passkey of [newPasskey(stranger), newPasskey({ ...stranger, tenantId: own.tenantId })]) {
      await failureOf(factorsOf(world, own).addPasskey(passkey));
      expect(await world.passkeyDirectory.find(passkey.credentialId)).to.equal(null);
    }
    await plantPasskey(world, stranger);
    expect(await factorsOf(world, own).listPasskeys(stranger.id)).to.deep.equal([]);
  });

  it('are not kept by a unit of work that failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    const passkey = newPasskey(user);
    await undo(world, user.tenantId, ({ secondFactors }) => secondFactors.addPasskey(passkey));
    expect(await world.passkeyDirectory.find(passkey.credentialId)).to.equal(null);
    await factorsOf(world, user).addPasskey(passkey);
  });
}

function usingContract(open: OpenWorld<keyof World>): void {
  it('keep the counter and the moment of their last use, where the counter has grown', async () => {
    const world = await open();
    const user = await plantUser(world);
    const passkey = await plantPasskey(world, user, { counter: 7 });
    const factors = factorsOf(world, user);
    for (const counter of [0, 6, 7]) {
      expect(await factors.usePasskey(passkey.id, counter, at(1))).to.equal(false);
    }
    expect(await world.passkeyDirectory.find(passkey.credentialId)).to.deep.equal(passkey);
    expect(await factors.usePasskey(passkey.id, 4_294_967_295, at(2))).to.equal(true);
    expect(await factors.usePasskey(passkey.id, 8, at(3))).to.equal(false);
    const used = { ...passkey, counter: 4_294_967_295, lastUsedAt: at(2) };
    expect(await factors.listPasskeys(user.id)).to.deep.equal([used]);
  });

  it('may be without a counter, and then each use counts', async () => {
    const world = await open();
    const user = await plantUser(world);
    const passkey = await plantPasskey(world, user, { counter: 0 });
    const factors = factorsOf(world, user);
    expect(await factors.usePasskey(passkey.id, 0, at(1))).to.equal(true);
    expect(await factors.usePasskey(passkey.id, 0, at(2))).to.equal(true);
    expect(await factors.usePasskey(passkey.id, 1, at(3))).to.equal(true);
    expect(await factors.usePasskey(passkey.id, 0, at(4))).to.equal(false);
    expect(await factors.listPasskeys(user.id)).to.deep.equal([
      { ...passkey, counter: 1, lastUsedAt: at(3) },
    ]);
  });

  it('and their copies count once, however many use them at once', async () => {
    const world = await open();
    const user = await plantUser(world);
    const { id } = await plantPasskey(world, user, { counter: 7 });
    const used = await atOnce(20, () => factorsOf(world, user).usePasskey(id, 8, NOW));
    expect(used.filter(Boolean)).to.have.length(1);
  });

  it('are used neither in another tenant, nor where there is none', async () => {
    const world = await open();
    const [user, stranger] = [await plantUser(world), await plantUser(world)];
    const passkey = await plantPasskey(world, user);
    expect(await factorsOf(world, stranger).usePasskey(passkey.id, 1, NOW)).to.equal(false);
    expect(await factorsOf(world, user).usePasskey(newId(), 1, NOW)).to.equal(false);
    expect(await world.passkeyDirectory.find(passkey.credentialId)).to.deep.equal(passkey);
  });

  it('keep their counter where the unit of work failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    const passkey = await plantPasskey(world, user);
    await undo(world, user.tenantId, ({ secondFactors }) => secondFactors.usePasskey(passkey.id, 5, NOW));
    expect(await world.passkeyDirectory.find(passkey.credentialId)).to.deep.equal(passkey);
  });
}

function removingContract(open: OpenWorld<keyof World>): void {
  it('are removed once, one by one, and may be registered again', async () => {
    const world = await open();
    const user = await plantUser(world);
    const [removed, kept] = [await plantPasskey(world, user), await plantPasskey(world, user)];
    expect(await factorsOf(world, user).removePasskey(user.id, removed.id)).to.equal(true);
    expect(await factorsOf(world, user).removePasskey(user.id, removed.id)).to.equal(false);
    expect(await world.passkeyDirectory.find(removed.credentialId)).to.equal(null);
    expect(await factorsOf(world, user).usePasskey(removed.id, 1, NOW)).to.equal(false);
    expect(await factorsOf(world, user).listPasskeys(user.id)).to.deep.equal([kept]);
    await plantPasskey(world, user, { credentialId: removed.credentialId });
  });

  it('are removed once of many who do it at once', async () => {
    const world = await open();
    const user = await plantUser(world);
    const { id } = await plantPasskey(world, user);
    const removed = await atOnce(10, () => factorsOf(world, user).removePasskey(user.id, id));
    expect(removed.filter(Boolean)).to.have.length(1);
  });

  it('are removed neither by a colleague nor by another tenant, nor where the unit of work failed', async () => {
    const world = await open();
    const [user, stranger] = [await plantUser(world), await plantUser(world)];
    const colleague = await plantUser(world, { tenantId: user.tenantId });
    const passkey = await plantPasskey(world, user);
    expect(await factorsOf(world, user).removePasskey(colleague.id, passkey.id)).to.equal(false);
    expect(await factorsOf(world, stranger).removePasskey(user.id, passkey.id)).to.equal(false);
    await undo(world, user.tenantId, ({ secondFactors }) => secondFactors.removePasskey(user.id, passkey.id));
    expect(await factorsOf(world, user).listPasskeys(user.id)).to.deep.equal([passkey]);
  });
}
