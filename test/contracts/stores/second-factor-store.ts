import { expect } from 'chai';
import { NO_FACTORS } from '../../../src/domain/access/second-factor.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { newSealed, plantPasskey, plantTotp } from './access-fixtures.ts';
import { atOnce, failureOf, undo } from './expectations.ts';
import { at, newHash, newId, NOW, plantDataKey, plantUser } from './fixtures.ts';
import { passkeysContract } from './second-factor-store-passkeys.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore' | 'passkeyDirectory'>;

const factorsOf = ({ unitOfWork }: Pick<World, 'unitOfWork'>, user: User) =>
  unitOfWork.stores(user.tenantId).secondFactors;

const newHashes = (count: number): readonly Uint8Array[] => Array.from({ length: count }, newHash);

/** Stores one of each factor of the user: an authenticator app, three recovery codes, a passkey. */
async function plantEveryFactor(world: World, user: User): Promise<readonly Uint8Array[]> {
  const codes = newHashes(3);
  await plantTotp(world, user);
  await factorsOf(world, user).replaceRecoveryCodes(user.id, codes);
  await plantPasskey(world, user);
  return codes;
}

const EVERY_FACTOR = { totp: true, passkeys: 1, recoveryCodes: 3 };

/**
 * Shows one code of an authenticator app twenty times at once: it counts once.
 *
 * @throws {AssertionError} for a store that reads first and writes later
 */
export async function checkParallelSteps(world: Pick<World, 'unitOfWork' | 'dataKeyStore'>): Promise<void> {
  const user = await plantUser(world);
  await plantTotp(world, user, 1000);
  const used = await atOnce(20, () => factorsOf(world, user).useTotpStep(user.id, 1001));
  expect(used.filter(Boolean)).to.have.length(1);
}

/**
 * Shows one recovery code twenty times at once: it counts once.
 *
 * @throws {AssertionError} for a store that reads first and writes later
 */
export async function checkParallelRecovery(world: Pick<World, 'unitOfWork'>): Promise<void> {
  const user = await plantUser(world);
  const codes = newHashes(3);
  await factorsOf(world, user).replaceRecoveryCodes(user.id, codes);
  const used = await atOnce(20, () => factorsOf(world, user).useRecoveryCode(user.id, codes[0]!));
  expect(used.filter(Boolean)).to.have.length(1);
  expect(await factorsOf(world, user).summary(user.id)).to.deep.equal({ ...NO_FACTORS, recoveryCodes: 2 });
}

/** What every `SecondFactorStore`, and the `PasskeyDirectory` beside it, keeps. */
export function secondFactorStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a SecondFactorStore and PasskeyDirectory`, () => {
    describe('an authenticator app that is enrolled', () => {
      enrolmentContract(open);
    });
    describe('the codes of an authenticator app', () => {
      stepsContract(open);
    });
    describe('recovery codes', () => {
      recoveryContract(open);
    });
    describe('passkeys', () => {
      passkeysContract(open);
    });
    describe('all of them', () => {
      everyFactorContract(open);
    });
  });
}

function enrolmentContract(open: OpenWorld<keyof World>): void {
  it('waits for its first code, and then counts', async () => {
    const world = await open();
    const user = await plantUser(world);
    const secret = newSealed(await plantDataKey(world, user.tenantId));
    const factors = factorsOf(world, user);
    expect(await factors.findTotp(user.id)).to.equal(null);
    await factors.putPendingTotp(user.id, secret, at(5));
    const waiting = { confirmed: null, pending: secret, pendingSince: at(5) };
    expect(await factors.findTotp(user.id)).to.deep.equal(waiting);
    expect(await factors.summary(user.id)).to.deep.equal(NO_FACTORS);
    expect(await factors.useTotpStep(user.id, 1000)).to.equal(false);
    expect(await factors.confirmTotp(user.id, secret, 1000, at(6))).to.equal(true);
    const counting = { confirmed: secret, pending: null, pendingSince: null };
    expect(await factors.findTotp(user.id)).to.deep.equal(counting);
    expect(await factors.summary(user.id)).to.deep.equal({ ...NO_FACTORS, totp: true });
  });

  it('is begun anew without confirming the former, while a confirmed one goes on counting', async () => {
    const world = await open();
    const user = await plantUser(world);
    const factors = factorsOf(world, user);
    const confirmed = await plantTotp(world, user, 1000);
    const [former, newer] = [newSealed(confirmed.keyId), newSealed(confirmed.keyId)];
    await factors.putPendingTotp(user.id, former, at(1));
    await factors.putPendingTotp(user.id, newer, at(2));
    const both = { confirmed, pending: newer, pendingSince: at(2) };
    expect(await factors.findTotp(user.id)).to.deep.equal(both);
    expect(await factors.confirmTotp(user.id, former, 1001, at(3))).to.equal(false);
    expect(await factors.useTotpStep(user.id, 1000)).to.equal(false);
    expect(await factors.useTotpStep(user.id, 1001)).to.equal(true);
    expect(await factors.confirmTotp(user.id, newer, 1001, at(3))).to.equal(true);
    expect(await factors.findTotp(user.id)).to.deep.equal({
      confirmed: newer,
      pending: null,
      pendingSince: null,
    });
  });

  it('is confirmed by one of many who do it at once', async () => {
    const world = await open();
    const user = await plantUser(world);
    const secret = newSealed(await plantDataKey(world, user.tenantId));
    await factorsOf(world, user).putPendingTotp(user.id, secret, NOW);
    const confirmed = await atOnce(20, () => factorsOf(world, user).confirmTotp(user.id, secret, 1000, NOW));
    expect(confirmed.filter(Boolean)).to.have.length(1);
  });

  it('is removed once, and then was never begun', async () => {
    const world = await open();
    const user = await plantUser(world);
    const factors = factorsOf(world, user);
    const { keyId } = await plantTotp(world, user);
    await factors.putPendingTotp(user.id, newSealed(keyId), NOW);
    expect(await factors.removeTotp(user.id)).to.equal(true);
    expect(await factors.removeTotp(user.id)).to.equal(false);
    expect(await factors.findTotp(user.id)).to.equal(null);
  });

  it('is not removed while it only waits for its first code', async () => {
    const world = await open();
    const user = await plantUser(world);
    const secret = newSealed(await plantDataKey(world, user.tenantId));
    const factors = factorsOf(world, user);
    await factors.putPendingTotp(user.id, secret, NOW);
    expect(await factors.removeTotp(user.id)).to.equal(false);
    const waiting = { confirmed: null, pending: secret, pendingSince: NOW };
    expect(await factors.findTotp(user.id)).to.deep.equal(waiting);
    expect(await factors.confirmTotp(user.id, secret, 1000, at(1))).to.equal(true);
  });

  it('is neither seen nor changed by another tenant', async () => {
    const world = await open();
    const [user, stranger] = [await plantUser(world), await plantUser(world)];
    const confirmed = await plantTotp(world, user, 1000);
    const pending = newSealed(confirmed.keyId);
    await factorsOf(world, user).putPendingTotp(user.id, pending, NOW);
    const foreign = factorsOf(world, stranger);
    expect(await foreign.findTotp(user.id)).to.equal(null);
    await failureOf(
      foreign.putPendingTotp(user.id, newSealed(await plantDataKey(world, stranger.tenantId)), NOW),
    );
    expect(await foreign.confirmTotp(user.id, pending, 1001, NOW)).to.equal(false);
    expect(await foreign.useTotpStep(user.id, 1001)).to.equal(false);
    expect(await foreign.removeTotp(user.id)).to.equal(false);
    expect(await factorsOf(world, user).findTotp(user.id)).to.deep.equal({
      confirmed,
      pending,
      pendingSince: NOW,
    });
    expect(await factorsOf(world, user).useTotpStep(user.id, 1001)).to.equal(true);
  });

  it('stays as it was where the unit of work failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    const pending = newSealed(await plantDataKey(world, user.tenantId));
    await undo(world, user.tenantId, async ({ secondFactors }) => {
      await secondFactors.putPendingTotp(user.id, pending, NOW);
      await secondFactors.confirmTotp(user.id, pending, 1000, NOW);
    });
    expect(await factorsOf(world, user).findTotp(user.id)).to.equal(null);
    const confirmed = await plantTotp(world, user);
    await undo(world, user.tenantId, ({ secondFactors }) => secondFactors.removeTotp(user.id));
    expect(await factorsOf(world, user).findTotp(user.id)).to.deep.include({ confirmed });
  });
}

function stepsContract(open: OpenWorld<keyof World>): void {
  it('count once each, and none after a later one', async () => {
    const world = await open();
    const user = await plantUser(world);
    await plantTotp(world, user, 1000);
    const factors = factorsOf(world, user);
    const counted: boolean[] = [];
    for (const step of [999, 1000, 1001, 1001, 1003, 1002, 1003, 59_000_000]) {
      counted.push(await factors.useTotpStep(user.id, step));
    }
    expect(counted).to.deep.equal([false, false, true, false, true, false, false, true]);
  });

  it('count once, however often one is shown at once', async () => {
    await checkParallelSteps(await open());
  });

  it('count for nobody who has no authenticator app', async () => {
    const world = await open();
    const user = await plantUser(world);
    expect(await factorsOf(world, user).useTotpStep(user.id, 1000)).to.equal(false);
  });

  it('are not used up by a unit of work that failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    await plantTotp(world, user, 1000);
    await undo(world, user.tenantId, ({ secondFactors }) => secondFactors.useTotpStep(user.id, 1001));
    expect(await factorsOf(world, user).useTotpStep(user.id, 1001)).to.equal(true);
  });
}

function recoveryContract(open: OpenWorld<keyof World>): void {
  it('count once each, and are fewer with each use', async () => {
    const world = await open();
    const user = await plantUser(world);
    const factors = factorsOf(world, user);
    const codes = newHashes(3);
    await factors.replaceRecoveryCodes(user.id, codes);
    expect(await factors.summary(user.id)).to.deep.equal({ ...NO_FACTORS, recoveryCodes: 3 });
    for (const [index, code] of codes.entries()) {
      expect(await factors.useRecoveryCode(user.id, code)).to.equal(true);
      expect(await factors.useRecoveryCode(user.id, code)).to.equal(false);
      expect(await factors.summary(user.id)).to.deep.equal({ ...NO_FACTORS, recoveryCodes: 2 - index });
    }
    expect(await factors.useRecoveryCode(user.id, newHash())).to.equal(false);
  });

  it('count once, however often one is shown at once', async () => {
    await checkParallelRecovery(await open());
  });

  it('count for one use each where all are shown at once', async () => {
    const world = await open();
    const user = await plantUser(world);
    const codes = newHashes(10);
    await factorsOf(world, user).replaceRecoveryCodes(user.id, codes);
    const used = await atOnce(10, (index) => factorsOf(world, user).useRecoveryCode(user.id, codes[index]!));
    expect(used.every(Boolean)).to.equal(true);
    expect(await factorsOf(world, user).summary(user.id)).to.deep.equal(NO_FACTORS);
  });

  it('are replaced as a whole, used or not', async () => {
    const world = await open();
    const user = await plantUser(world);
    const factors = factorsOf(world, user);
    const [former, newer] = [newHashes(3), newHashes(2)];
    await factors.replaceRecoveryCodes(user.id, former);
    await factors.useRecoveryCode(user.id, former[0]!);
    await factors.replaceRecoveryCodes(user.id, newer);
    expect(await factors.useRecoveryCode(user.id, former[1]!)).to.equal(false);
    expect(await factors.useRecoveryCode(user.id, newer[0]!)).to.equal(true);
    await factors.replaceRecoveryCodes(user.id, []);
    expect(await factors.useRecoveryCode(user.id, newer[1]!)).to.equal(false);
    expect(await factors.summary(user.id)).to.deep.equal(NO_FACTORS);
  });

  it('count for their owner only', async () => {
    const world = await open();
    const user = await plantUser(world);
    const colleague = await plantUser(world, { tenantId: user.tenantId });
    const stranger = await plantUser(world);
    const [code] = newHashes(1);
    await factorsOf(world, user).replaceRecoveryCodes(user.id, [code!]);
    expect(await factorsOf(world, user).useRecoveryCode(colleague.id, code!)).to.equal(false);
    expect(await factorsOf(world, stranger).useRecoveryCode(user.id, code!)).to.equal(false);
    await failureOf(factorsOf(world, stranger).replaceRecoveryCodes(user.id, newHashes(2)));
    expect(await factorsOf(world, user).useRecoveryCode(user.id, code!)).to.equal(true);
  });

  it('are the same after a unit of work that failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    const [code] = newHashes(1);
    await factorsOf(world, user).replaceRecoveryCodes(user.id, [code!]);
    await undo(world, user.tenantId, async ({ secondFactors }) => {
      await secondFactors.useRecoveryCode(user.id, code!);
      await secondFactors.replaceRecoveryCodes(user.id, newHashes(2));
    });
    expect(await factorsOf(world, user).useRecoveryCode(user.id, code!)).to.equal(true);
  });
}

function everyFactorContract(open: OpenWorld<keyof World>): void {
  it('are told in one summary: of their owner, to his tenant', async () => {
    const world = await open();
    const user = await plantUser(world);
    const colleague = await plantUser(world, { tenantId: user.tenantId });
    const stranger = await plantUser(world);
    await plantEveryFactor(world, user);
    expect(await factorsOf(world, user).summary(user.id)).to.deep.equal(EVERY_FACTOR);
    expect(await factorsOf(world, user).summary(colleague.id)).to.deep.equal(NO_FACTORS);
    expect(await factorsOf(world, stranger).summary(user.id)).to.deep.equal(NO_FACTORS);
    expect(await factorsOf(world, user).summary(newId())).to.deep.equal(NO_FACTORS);
  });

  it('are taken away together, of that account only', async () => {
    const world = await open();
    const user = await plantUser(world);
    const colleague = await plantUser(world, { tenantId: user.tenantId });
    const [code] = await plantEveryFactor(world, user);
    await plantEveryFactor(world, colleague);
    await factorsOf(world, user).removeAll(user.id);
    await factorsOf(world, user).removeAll(newId());
    expect(await factorsOf(world, user).summary(user.id)).to.deep.equal(NO_FACTORS);
    expect(await factorsOf(world, user).findTotp(user.id)).to.equal(null);
    expect(await factorsOf(world, user).listPasskeys(user.id)).to.deep.equal([]);
    expect(await factorsOf(world, user).useRecoveryCode(user.id, code!)).to.equal(false);
    expect(await factorsOf(world, user).summary(colleague.id)).to.deep.equal(EVERY_FACTOR);
  });

  it('stay where another tenant takes them away, or the unit of work failed', async () => {
    const world = await open();
    const [user, stranger] = [await plantUser(world), await plantUser(world)];
    await plantEveryFactor(world, user);
    await factorsOf(world, stranger).removeAll(user.id);
    await undo(world, user.tenantId, ({ secondFactors }) => secondFactors.removeAll(user.id));
    expect(await factorsOf(world, user).summary(user.id)).to.deep.equal(EVERY_FACTOR);
  });
}
