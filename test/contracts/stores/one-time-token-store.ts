import { expect } from 'chai';
import {
  type OneTimeToken,
  TOKEN_LIFETIMES,
  type TokenPurpose,
} from '../../../src/domain/access/one-time-token.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { newToken } from './access-fixtures.ts';
import { atOnce, failureOf, undo } from './expectations.ts';
import { at, newHash, newId, NOW, plantUser } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'oneTimeTokenDirectory'>;

const PURPOSES = Object.keys(TOKEN_LIFETIMES) as TokenPurpose[];

const tokensOf = ({ unitOfWork }: World, user: User) => unitOfWork.stores(user.tenantId).oneTimeTokens;

async function plantToken(
  world: World,
  user: User,
  given: Partial<OneTimeToken> = {},
): Promise<OneTimeToken> {
  const token = newToken(user, given);
  await tokensOf(world, user).put(token);
  return token;
}

/**
 * Spends one token twenty times at once: one of them does.
 *
 * @throws {AssertionError} for a store that reads first and writes later
 */
export async function checkParallelSpending(world: World): Promise<void> {
  const user = await plantUser(world);
  const { hash } = await plantToken(world, user);
  const spent = await atOnce(20, () => tokensOf(world, user).spend(hash, NOW));
  expect(spent.filter(Boolean)).to.have.length(1);
  expect(await world.oneTimeTokenDirectory.find(hash, NOW)).to.equal(null);
}

/**
 * Changes a password, which revokes the account's tokens, while sign-ins put tokens that stand on the former one: none is left.
 *
 * @throws {AssertionError} for a store that reads the account first and puts later
 */
export async function checkTokensBesideChanges(world: World): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    const user = await plantUser(world, { passwordHash: 'old' });
    const tokens = Array.from({ length: 5 }, () => newToken(user, { purpose: 'factor-enrolment' }));
    const changing = world.unitOfWork.run(user.tenantId, async ({ users, oneTimeTokens }) => {
      await users.save({ ...user, passwordHash: 'new', version: user.version + 1 });
      await oneTimeTokens.revoke(user.id, ['factor-enrolment']);
    });
    await Promise.all([changing, ...tokens.map((token) => tokensOf(world, user).putWhile(token, user))]);
    for (const { hash } of tokens) {
      expect(await world.oneTimeTokenDirectory.find(hash, NOW)).to.equal(null);
    }
  }
}

/** What every `OneTimeTokenStore`, and the `OneTimeTokenDirectory` beside it, keeps. */
export function oneTimeTokenStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a OneTimeTokenStore and OneTimeTokenDirectory`, () => {
    describe('putting', () => {
      puttingContract(open);
    });
    describe('putting while an account stands', () => {
      puttingWhileContract(open);
    });
    describe('spending', () => {
      spendingContract(open);
    });
    describe('revoking', () => {
      revokingContract(open);
    });
  });
}

function puttingContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what was put, of each purpose', async () => {
    const world = await open();
    const user = await plantUser(world);
    const tokens: OneTimeToken[] = [];
    for (const purpose of PURPOSES) {
      const given = { purpose, email: 'Someone+Else@Example.org', createdAt: at(-1), expiresAt: at(1) };
      tokens.push(await plantToken(world, user, given));
    }
    for (const token of tokens) {
      expect(await world.oneTimeTokenDirectory.find(token.hash, NOW)).to.deep.equal(token);
    }
  });

  it('finds nothing by a hash that no token has, nor from the moment on when it expires', async () => {
    const world = await open();
    const { hash } = await plantToken(world, await plantUser(world), { expiresAt: at(60) });
    const { oneTimeTokenDirectory } = world;
    expect(await oneTimeTokenDirectory.find(newHash(), NOW)).to.equal(null);
    expect(await oneTimeTokenDirectory.find(hash, at(59.999))).to.not.equal(null);
    expect(await oneTimeTokenDirectory.find(hash, at(60))).to.equal(null);
  });

  it('lets a newer token take the place of the former of the same account and purpose, and of no other', async () => {
    const world = await open();
    const user = await plantUser(world);
    const colleague = await plantUser(world, { tenantId: user.tenantId });
    const former = await plantToken(world, user);
    const others = [
      await plantToken(world, user, { purpose: 'unlock' }),
      await plantToken(world, colleague),
      await plantToken(world, await plantUser(world)),
    ];
    const newer = await plantToken(world, user, { email: 'other@example.org', expiresAt: at(7200) });
    expect(await world.oneTimeTokenDirectory.find(former.hash, NOW)).to.equal(null);
    expect(await tokensOf(world, user).spend(former.hash, NOW)).to.equal(false);
    for (const token of [newer, ...others]) {
      expect(await world.oneTimeTokenDirectory.find(token.hash, NOW)).to.deep.equal(token);
    }
  });

  it('leaves one that counts of many put at once', async () => {
    const world = await open();
    const user = await plantUser(world);
    const tokens = await atOnce(20, () => plantToken(world, user));
    const found = await Promise.all(tokens.map(({ hash }) => world.oneTimeTokenDirectory.find(hash, NOW)));
    expect(found.filter((token) => token !== null)).to.have.length(1);
  });

  it('takes no token for an account of another tenant', async () => {
    const world = await open();
    const [own, stranger] = [await plantUser(world), await plantUser(world)];
    const former = await plantToken(world, stranger);
    for (const token of [newToken(stranger), newToken({ ...stranger, tenantId: own.tenantId })]) {
      await failureOf(tokensOf(world, own).put(token));
      expect(await world.oneTimeTokenDirectory.find(token.hash, NOW)).to.equal(null);
    }
    expect(await world.oneTimeTokenDirectory.find(former.hash, NOW)).to.deep.equal(former);
  });

  it('keeps the former token where the unit of work failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    const [former, newer] = [await plantToken(world, user), newToken(user)];
    await undo(world, user.tenantId, ({ oneTimeTokens }) => oneTimeTokens.put(newer));
    expect(await world.oneTimeTokenDirectory.find(newer.hash, NOW)).to.equal(null);
    expect(await world.oneTimeTokenDirectory.find(former.hash, NOW)).to.deep.equal(former);
  });
}

function puttingWhileContract(open: OpenWorld<keyof World>): void {
  it('puts a token in the place of the former while the account is what a sign-in stands on', async () => {
    const world = await open();
    const user = await plantUser(world, { passwordHash: 'hash', tokenEpoch: 2 });
    const former = await plantToken(world, user);
    const other = await plantToken(world, user, { purpose: 'unlock' });
    for (const passwordHash of ['hash', null]) {
      const token = newToken(user);
      const basis = { passwordHash, tokenEpoch: 2 };
      expect(await tokensOf(world, user).putWhile(token, basis)).to.equal(true);
      expect(await world.oneTimeTokenDirectory.find(token.hash, NOW)).to.deep.equal(token);
    }
    expect(await world.oneTimeTokenDirectory.find(former.hash, NOW)).to.equal(null);
    expect(await world.oneTimeTokenDirectory.find(other.hash, NOW)).to.deep.equal(other);
  });

  it('puts none, and leaves the former, once the account is disabled or has another password or epoch', async () => {
    const world = await open();
    const disabled = await plantUser(world, { isActive: false });
    const user = await plantUser(world, { passwordHash: 'new', tokenEpoch: 2 });
    const formers = new Map([
      [disabled, await plantToken(world, disabled)],
      [user, await plantToken(world, user)],
    ]);
    for (const [owner, basis] of [
      [disabled, disabled],
      [disabled, { ...disabled, passwordHash: null }],
      [user, { ...user, passwordHash: 'old' }],
      [user, { ...user, tokenEpoch: 1 }],
      [user, { passwordHash: null, tokenEpoch: 1 }],
    ] as const) {
      const { hash } = newToken(owner);
      expect(await tokensOf(world, owner).putWhile(newToken(owner, { hash }), basis)).to.equal(false);
      expect(await world.oneTimeTokenDirectory.find(hash, NOW)).to.equal(null);
      const former = formers.get(owner)!;
      expect(await world.oneTimeTokenDirectory.find(former.hash, NOW)).to.deep.equal(former);
    }
  });

  it('leaves no token behind that overtook a change of the password', async () => {
    await checkTokensBesideChanges(await open());
  });

  it('puts none for an account of another tenant, and none in a unit of work that failed', async () => {
    const world = await open();
    const [own, stranger] = [await plantUser(world), await plantUser(world)];
    const smuggled = newToken({ ...stranger, tenantId: own.tenantId });
    const putting = tokensOf(world, own).putWhile(smuggled, stranger);
    expect(await putting.catch(() => false)).to.equal(false);
    await failureOf(tokensOf(world, own).putWhile(newToken(stranger), stranger));
    const undone = newToken(own);
    await undo(world, own.tenantId, ({ oneTimeTokens }) => oneTimeTokens.putWhile(undone, own));
    for (const { hash } of [smuggled, undone]) {
      expect(await world.oneTimeTokenDirectory.find(hash, NOW)).to.equal(null);
    }
  });
}

function spendingContract(open: OpenWorld<keyof World>): void {
  it('counts once, and is not found afterwards', async () => {
    const world = await open();
    const user = await plantUser(world);
    const { hash } = await plantToken(world, user);
    expect(await tokensOf(world, user).spend(hash, NOW)).to.equal(true);
    expect(await tokensOf(world, user).spend(hash, NOW)).to.equal(false);
    expect(await world.oneTimeTokenDirectory.find(hash, NOW)).to.equal(null);
  });

  it('lets one of many through who spend a token at once', async () => {
    await checkParallelSpending(await open());
  });

  it('lets one of many units of work through that spend a token at once', async () => {
    const world = await open();
    const user = await plantUser(world);
    const { hash } = await plantToken(world, user);
    const spent = await atOnce(10, () =>
      world.unitOfWork.run(user.tenantId, ({ oneTimeTokens }) => oneTimeTokens.spend(hash, NOW)),
    );
    expect(spent.filter(Boolean)).to.have.length(1);
  });

  it('counts until the very moment when the token expires', async () => {
    const world = await open();
    const user = await plantUser(world);
    const { hash } = await plantToken(world, user, { expiresAt: at(60) });
    expect(await tokensOf(world, user).spend(hash, at(60))).to.equal(false);
    expect(await tokensOf(world, user).spend(hash, at(59.999))).to.equal(true);
  });

  it('spends nothing of another tenant, nor what nobody has', async () => {
    const world = await open();
    const [user, stranger] = [await plantUser(world), await plantUser(world)];
    const token = await plantToken(world, user);
    expect(await tokensOf(world, stranger).spend(token.hash, NOW)).to.equal(false);
    expect(await tokensOf(world, user).spend(newHash(), NOW)).to.equal(false);
    expect(await world.oneTimeTokenDirectory.find(token.hash, NOW)).to.deep.equal(token);
  });

  it('leaves a token as it was where the unit of work failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    const { hash } = await plantToken(world, user);
    await undo(world, user.tenantId, ({ oneTimeTokens }) => oneTimeTokens.spend(hash, NOW));
    expect(await tokensOf(world, user).spend(hash, NOW)).to.equal(true);
  });
}

function revokingContract(open: OpenWorld<keyof World>): void {
  it('takes away what is named, and nothing else', async () => {
    const world = await open();
    const user = await plantUser(world);
    const colleague = await plantUser(world, { tenantId: user.tenantId });
    const named = [
      await plantToken(world, user, { purpose: 'invitation' }),
      await plantToken(world, user, { purpose: 'password-reset' }),
    ];
    const others = [await plantToken(world, user, { purpose: 'unlock' }), await plantToken(world, colleague)];
    await tokensOf(world, user).revoke(user.id, ['invitation', 'password-reset', 'email-change']);
    for (const { hash } of named) {
      expect(await world.oneTimeTokenDirectory.find(hash, NOW)).to.equal(null);
      expect(await tokensOf(world, user).spend(hash, NOW)).to.equal(false);
    }
    for (const token of others) {
      expect(await world.oneTimeTokenDirectory.find(token.hash, NOW)).to.deep.equal(token);
    }
  });

  it('takes nothing away of no purpose, of nobody, of another tenant, or where the unit of work failed', async () => {
    const world = await open();
    const [user, stranger] = [await plantUser(world), await plantUser(world)];
    const token = await plantToken(world, user);
    await tokensOf(world, user).revoke(user.id, []);
    await tokensOf(world, user).revoke(newId(), PURPOSES);
    await tokensOf(world, stranger).revoke(user.id, PURPOSES);
    await undo(world, user.tenantId, ({ oneTimeTokens }) => oneTimeTokens.revoke(user.id, PURPOSES));
    expect(await world.oneTimeTokenDirectory.find(token.hash, NOW)).to.deep.equal(token);
  });
}
