import { expect } from 'chai';
import { MfaResetPending } from '../../../src/domain/access/errors.ts';
import type { MfaReset } from '../../../src/domain/access/mfa-reset.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { newReset, newSealed } from './access-fixtures.ts';
import { atOnce, atOnceSettled, failureOf, refusalOf, undo } from './expectations.ts';
import { at, newId, NOW, plantDataKey, plantUser } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore' | 'readResetReason'>;

const DAY = 86_400;

const resetsOf = ({ unitOfWork }: World, user: User) => unitOfWork.stores(user.tenantId).mfaResets;

async function plantReset(world: World, user: User, given: Partial<MfaReset> = {}): Promise<MfaReset> {
  const reset = newReset(user, given);
  await resetsOf(world, user).add(reset, newSealed(await plantDataKey(world, user.tenantId)));
  return reset;
}

/** What every `MfaResetStore` keeps. */
export function mfaResetStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as an MfaResetStore`, () => {
    describe('adding', () => {
      addingContract(open);
    });
    describe('ending', () => {
      endingContract(open);
    });
  });
}

function addingContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what was added from the moment on when it is due, and keeps the reason', async () => {
    const world = await open();
    const user = await plantUser(world);
    const admin = await plantUser(world, { tenantId: user.tenantId, role: 'admin' });
    const colleague = await plantUser(world, { tenantId: user.tenantId });
    const keyId = await plantDataKey(world, user.tenantId);
    const resets = [newReset(user, { requestedBy: admin.id }), newReset(colleague, { dueAt: at(DAY + 60) })];
    const reasons = [newSealed(keyId), newSealed(keyId)];
    for (const index of [0, 1]) await resetsOf(world, user).add(resets[index]!, reasons[index]!);
    expect(await resetsOf(world, user).listDue(at(DAY - 0.001))).to.deep.equal([]);
    expect(await resetsOf(world, user).listDue(at(DAY))).to.deep.equal([resets[0]]);
    expect(await resetsOf(world, user).listDue(at(DAY + 60))).to.have.deep.members(resets);
    for (const index of [0, 1]) {
      expect(await world.readResetReason(resets[index]!.id)).to.deep.equal(reasons[index]);
    }
  });

  it('refuses a second one of an account while the first waits, and takes it afterwards', async () => {
    const world = await open();
    const user = await plantUser(world);
    const first = await plantReset(world, user);
    await refusalOf(MfaResetPending, plantReset(world, user));
    await resetsOf(world, user).cancel(user.id, at(1));
    const second = await plantReset(world, user);
    await refusalOf(MfaResetPending, plantReset(world, user));
    await resetsOf(world, user).complete(second.id, at(DAY));
    const third = await plantReset(world, user);
    expect(await resetsOf(world, user).listDue(at(DAY))).to.deep.equal([third]);
    expect(first.id).to.not.equal(third.id);
  });

  it('takes one of many that are asked for at once', async () => {
    const world = await open();
    const user = await plantUser(world);
    await plantDataKey(world, user.tenantId);
    const { done, refused } = await atOnceSettled(10, () => plantReset(world, user));
    expect(done).to.have.length(1);
    expect(refused.every((refusal) => refusal instanceof MfaResetPending)).to.equal(true);
    expect(await resetsOf(world, user).listDue(at(DAY))).to.deep.equal(done);
  });

  it('takes no reset for an account of another tenant, and lists none', async () => {
    const world = await open();
    const [own, stranger] = [await plantUser(world), await plantUser(world)];
    const keyId = await plantDataKey(world, own.tenantId);
    for (const reset of [newReset(stranger), newReset({ ...stranger, tenantId: own.tenantId })]) {
      await failureOf(resetsOf(world, own).add(reset, newSealed(keyId)));
      expect(await world.readResetReason(reset.id)).to.equal(null);
    }
    await plantReset(world, stranger);
    expect(await resetsOf(world, own).listDue(at(DAY))).to.deep.equal([]);
  });

  it('keeps no reset of a unit of work that failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    const reason = newSealed(await plantDataKey(world, user.tenantId));
    await undo(world, user.tenantId, ({ mfaResets }) => mfaResets.add(newReset(user), reason));
    expect(await resetsOf(world, user).listDue(at(DAY))).to.deep.equal([]);
    await plantReset(world, user);
  });
}

function endingContract(open: OpenWorld<keyof World>): void {
  it('stops what waits, once', async () => {
    const world = await open();
    const user = await plantUser(world);
    const { id } = await plantReset(world, user);
    expect(await resetsOf(world, user).cancel(user.id, at(1))).to.equal(true);
    expect(await resetsOf(world, user).cancel(user.id, at(1))).to.equal(false);
    expect(await resetsOf(world, user).complete(id, at(DAY))).to.equal(false);
    expect(await resetsOf(world, user).listDue(at(DAY))).to.deep.equal([]);
  });

  it('completes what waits, once, and then there is nothing to stop', async () => {
    const world = await open();
    const user = await plantUser(world);
    const { id } = await plantReset(world, user);
    expect(await resetsOf(world, user).complete(id, at(DAY))).to.equal(true);
    expect(await resetsOf(world, user).complete(id, at(DAY))).to.equal(false);
    expect(await resetsOf(world, user).cancel(user.id, at(DAY))).to.equal(false);
    expect(await resetsOf(world, user).listDue(at(DAY))).to.deep.equal([]);
  });

  it('ends once where many complete it and its owner stops it at once', async () => {
    const world = await open();
    const user = await plantUser(world);
    const { id } = await plantReset(world, user);
    const ended = await atOnce(20, (index) =>
      index % 2
        ? resetsOf(world, user).complete(id, at(DAY))
        : resetsOf(world, user).cancel(user.id, at(DAY)),
    );
    expect(ended.filter(Boolean)).to.have.length(1);
  });

  it('ends nothing of another account or tenant, nor what never was', async () => {
    const world = await open();
    const [user, stranger] = [await plantUser(world), await plantUser(world)];
    const colleague = await plantUser(world, { tenantId: user.tenantId });
    const reset = await plantReset(world, user);
    expect(await resetsOf(world, stranger).cancel(user.id, NOW)).to.equal(false);
    expect(await resetsOf(world, stranger).complete(reset.id, at(DAY))).to.equal(false);
    expect(await resetsOf(world, user).cancel(colleague.id, NOW)).to.equal(false);
    expect(await resetsOf(world, user).complete(newId(), at(DAY))).to.equal(false);
    expect(await resetsOf(world, user).listDue(at(DAY))).to.deep.equal([reset]);
  });

  it('lets a reset wait where the unit of work failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    const reset = await plantReset(world, user);
    await undo(world, user.tenantId, ({ mfaResets }) => mfaResets.cancel(user.id, NOW));
    await undo(world, user.tenantId, ({ mfaResets }) => mfaResets.complete(reset.id, at(DAY)));
    expect(await resetsOf(world, user).listDue(at(DAY))).to.deep.equal([reset]);
  });
}
