import { AssertionError, expect } from 'chai';
import type { MemoryAccess } from '../../../src/adapters/memory/memory-access.ts';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { octetKey } from '../../../src/adapters/memory/memory-tables.ts';
import { MemoryFailureCounterStore } from '../../../src/adapters/memory/stores/failure-counter-store.ts';
import { MemoryRefreshTokenStore } from '../../../src/adapters/memory/stores/refresh-token-store.ts';
import type { FailureCounterStore } from '../../../src/application/ports/stores/failure-counter-store.ts';
import type { RefreshTokenStore } from '../../../src/application/ports/stores/refresh-token-store.ts';
import { reserveAttempt } from '../../../src/domain/access/failure-counter.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { checkParallelAttempts } from '../../contracts/stores/failure-counter-store.ts';
import {
  checkParallelRotations,
  checkRotationsBesideLimits,
} from '../../contracts/stores/refresh-token-store.ts';
import { memoryStoreWorld } from '../../support/memory-store-world.ts';

/** Reads the token, and then rotates it as it was when it was read. */
const racyRefreshTokens = (database: MemoryAccess): RefreshTokenStore => ({
  rotate: async (request) => {
    const key = octetKey(request.presentedHash);
    const seen = await database.read((tables) => tables.refreshTokens.get(key));
    const write: MemoryAccess['write'] = (act) =>
      database.write((tables) => {
        if (seen) tables.refreshTokens.set(key, seen);
        return act(tables);
      });
    return new MemoryRefreshTokenStore({ read: (act) => database.read(act), write }).rotate(request);
  },
});

/** Reads the limits of a session, and writes them back with the rotation. */
const forgetfulRefreshTokens = (database: MemoryAccess): RefreshTokenStore => ({
  rotate: async (request) => {
    const seen = await database.read((tables) => {
      const token = tables.refreshTokens.get(octetKey(request.presentedHash));
      return token && tables.sessions.get(token.sessionId);
    });
    const write: MemoryAccess['write'] = (act) =>
      database.write((tables) => {
        if (seen) tables.sessions.set(seen.id, seen);
        return act(tables);
      });
    return new MemoryRefreshTokenStore({ read: (act) => database.read(act), write }).rotate(request);
  },
});

/** Reads the counter, and then writes what the reading makes of it. */
const racyFailureCounters = (database: MemoryAccess): FailureCounterStore => ({
  reserve: async (key, now) => {
    const current = await database.read((tables) => tables.failureCounters.get(octetKey(key)) ?? null);
    const { counter, reservation } = reserveAttempt(current, now);
    if (counter) await database.write((tables) => tables.failureCounters.set(octetKey(key), counter));
    return reservation;
  },
  giveBack: (key) => new MemoryFailureCounterStore(database).giveBack(key),
  clear: (key) => new MemoryFailureCounterStore(database).clear(key),
});

describe('A store that reads first and writes later', () => {
  it('fails the contract of refresh tokens', async () => {
    const database = new MemoryDatabase();
    const world = { ...memoryStoreWorld(database), refreshTokenStore: racyRefreshTokens(database) };
    expect(await failureOf(checkParallelRotations(world))).to.be.instanceOf(AssertionError);
    await checkParallelRotations(memoryStoreWorld(database));
  });

  it('fails the contract of refresh tokens also where only the limits of the session are old', async () => {
    const database = new MemoryDatabase();
    const world = { ...memoryStoreWorld(database), refreshTokenStore: forgetfulRefreshTokens(database) };
    expect(await failureOf(checkRotationsBesideLimits(world))).to.be.instanceOf(AssertionError);
    await checkRotationsBesideLimits(memoryStoreWorld(database));
  });

  it('fails the contract of failure counters', async () => {
    const database = new MemoryDatabase();
    const world = { ...memoryStoreWorld(database), failureCounters: racyFailureCounters(database) };
    expect(await failureOf(checkParallelAttempts(world))).to.be.instanceOf(AssertionError);
    await checkParallelAttempts(memoryStoreWorld(database));
  });
});
