import { AssertionError, expect } from 'chai';
import type { MemoryAccess } from '../../../src/adapters/memory/memory-access.ts';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { octetKey } from '../../../src/adapters/memory/memory-tables.ts';
import { MemoryCaseStore } from '../../../src/adapters/memory/stores/case-store.ts';
import { MemoryFailureCounterStore } from '../../../src/adapters/memory/stores/failure-counter-store.ts';
import { MemoryIdempotencyKeyStore } from '../../../src/adapters/memory/stores/idempotency-key-store.ts';
import { MemoryOneTimeTokenStore } from '../../../src/adapters/memory/stores/one-time-token-store.ts';
import { MemoryOutbox } from '../../../src/adapters/memory/stores/outbox.ts';
import { MemoryPhysicianStore } from '../../../src/adapters/memory/stores/physician-store.ts';
import { MemoryRefreshTokenStore } from '../../../src/adapters/memory/stores/refresh-token-store.ts';
import { MemorySecondFactorStore } from '../../../src/adapters/memory/stores/second-factor-store.ts';
import { MemorySignInChallengeStore } from '../../../src/adapters/memory/stores/sign-in-challenge-store.ts';
import type { CaseChange, CaseStore } from '../../../src/application/ports/stores/case-store.ts';
import type { ExpiredRecords } from '../../../src/application/ports/stores/expired-records.ts';
import type { FailureCounterStore } from '../../../src/application/ports/stores/failure-counter-store.ts';
import type { IdempotencyKeyStore } from '../../../src/application/ports/stores/idempotency-key-store.ts';
import type { OneTimeTokenStore } from '../../../src/application/ports/stores/one-time-token-store.ts';
import type { Outbox, OutboxEntry } from '../../../src/application/ports/stores/outbox.ts';
import type { PhysicianStore } from '../../../src/application/ports/stores/physician-store.ts';
import type { RefreshTokenStore } from '../../../src/application/ports/stores/refresh-token-store.ts';
import type { SecondFactorStore } from '../../../src/application/ports/stores/second-factor-store.ts';
import type { SignInChallengeStore } from '../../../src/application/ports/stores/sign-in-challenge-store.ts';
import type { Stores, UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import { reserveAttempt } from '../../../src/domain/access/failure-counter.ts';
import { CHALLENGE_ATTEMPTS } from '../../../src/domain/access/sign-in-challenge.ts';
import { PhysicianConflict, PhysicianExists } from '../../../src/domain/identity/errors.ts';
import type { Physician } from '../../../src/domain/identity/physician.ts';
import type { TenantId } from '../../../src/domain/shared/ids.ts';
import { checkClaimLimit } from '../../contracts/stores/assignable-physicians.ts';
import { checkParallelReceipts } from '../../contracts/stores/case-store-receipts.ts';
import { checkParallelSaving } from '../../contracts/stores/case-store-saving.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { checkParallelRemovals } from '../../contracts/stores/expired-records.ts';
import { checkParallelAttempts } from '../../contracts/stores/failure-counter-store.ts';
import { checkParallelClaims } from '../../contracts/stores/idempotency-key-store.ts';
import {
  checkParallelSpending,
  checkTokensBesideChanges,
} from '../../contracts/stores/one-time-token-store.ts';
import { checkParallelAdding } from '../../contracts/stores/outbox.ts';
import { checkParallelChanges, checkParallelPhysicians } from '../../contracts/stores/physician-store.ts';
import {
  checkParallelRotations,
  checkRotationsBesideLimits,
} from '../../contracts/stores/refresh-token-store.ts';
import { checkParallelRecovery, checkParallelSteps } from '../../contracts/stores/second-factor-store.ts';
import { checkParallelAnswers } from '../../contracts/stores/sign-in-challenge-store.ts';
import { memoryStoreWorld } from '../../support/memory-store-world.ts';
import { withoutIsolation } from '../../support/without-isolation.ts';

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

/** Looks which failures in a row are old, and then takes these away. */
const racyExpiredRecords = (database: MemoryAccess): ExpiredRecords => ({
  remove: async (_, before) => {
    const found = await database.read((tables) =>
      [...tables.failureCounters.entries()].filter(([, { lastFailedAt }]) => lastFailedAt < before),
    );
    await database.write((tables) => {
      for (const [key] of found) tables.failureCounters.delete(key);
    });
    return found.length;
  },
});

/** Reads the counter, and then writes what the reading makes of it. */
const racyFailureCounters = (database: MemoryAccess): FailureCounterStore => ({
  reserve: async (key, now) => {
    const current = await database.read((tables) => tables.failureCounters.get(octetKey(key)) ?? null);
    const { counter, reservation } = reserveAttempt(current, now);
    const row = counter && { ...counter, lastFailedAt: now };
    if (row) await database.write((tables) => tables.failureCounters.set(octetKey(key), row));
    return reservation;
  },
  giveBack: (key) => new MemoryFailureCounterStore(database).giveBack(key),
  lift: (key) => new MemoryFailureCounterStore(database).lift(key),
  clear: (key) => new MemoryFailureCounterStore(database).clear(key),
});

/** Looks whether the token counts, and then takes it away; looks at the account, and then puts one. */
const racyOneTimeTokens = (database: MemoryAccess, tenantId: TenantId): OneTimeTokenStore => {
  const store = new MemoryOneTimeTokenStore(database, tenantId);
  return {
    put: (token) => store.put(token),
    putWhile: async (token, { passwordHash }) => {
      const user = await database.read((tables) => tables.users.get(token.userId));
      if (user?.passwordHash !== passwordHash) return false;
      await store.put(token);
      return true;
    },
    revoke: (userId, purposes) => store.revoke(userId, purposes),
    spend: async (hash, now) => {
      const token = await database.read((tables) => tables.oneTimeTokens.get(octetKey(hash)));
      await store.spend(hash, now);
      return token !== undefined && now < token.expiresAt;
    },
  };
};

/** Looks how many entries there are, and then adds one. */
class RacyOutbox extends MemoryOutbox implements Outbox {
  readonly #database: MemoryAccess;

  constructor(database: MemoryAccess, tenantId: TenantId) {
    super(database, tenantId);
    this.#database = database;
  }

  override async addWithin(entry: OutboxEntry, max: number): Promise<boolean> {
    const count = await this.#database.read(
      (tables) =>
        [...tables.outboxEntries.values()].filter(
          ({ recipient }) => octetKey(recipient) === octetKey(entry.recipient),
        ).length,
    );
    if (count >= max) return false;
    await this.add(entry);
    return true;
  }
}

/** Looks whether the key stands for something, and then has it stand for something. */
const racyIdempotencyKeys = (database: MemoryAccess, tenantId: TenantId): IdempotencyKeyStore => {
  const store = new MemoryIdempotencyKeyStore(database, tenantId);
  return {
    find: (keyHash, now) => store.find(keyHash, now),
    claim: async (record) => {
      const known = await store.find(record.keyHash, record.createdAt);
      if (known) return { kind: 'known', record: known };
      await database.write((tables) => tables.idempotencyKeys.set(octetKey(record.keyHash), record));
      return { kind: 'claimed' };
    },
  };
};

/** Looks whether the account has one, or which version there is, and then writes. */
class RacyPhysicians extends MemoryPhysicianStore implements PhysicianStore {
  readonly #database: MemoryAccess;

  constructor(database: MemoryAccess, tenantId: TenantId) {
    super(database, tenantId);
    this.#database = database;
  }

  override async add(physician: Physician): Promise<void> {
    if (await this.findByUser(physician.userId)) throw new PhysicianExists();
    await this.#database.write((tables) => tables.physicians.add(physician.id, physician));
  }

  override async save(physician: Physician): Promise<void> {
    const current = await this.find(physician.id);
    if (current?.version !== physician.version - 1) throw new PhysicianConflict();
    await this.#database.write((tables) => tables.physicians.set(physician.id, physician));
  }
}

/** Looks which step was used last and whether the code is there, and then uses them up. */
class RacySecondFactors extends MemorySecondFactorStore implements SecondFactorStore {
  readonly #database: MemoryAccess;

  constructor(database: MemoryAccess, tenantId: TenantId) {
    super(database, tenantId);
    this.#database = database;
  }

  override async useTotpStep(userId: string, step: number): Promise<boolean> {
    const totp = await this.#database.read((tables) => tables.totpSecrets.get(userId));
    if (totp?.usedStep == null || step <= totp.usedStep) return false;
    await this.#database.write((tables) => tables.totpSecrets.set(userId, { ...totp, usedStep: step }));
    return true;
  }

  override async useRecoveryCode(userId: string, hash: Uint8Array): Promise<boolean> {
    const isThere = await this.#database.read((tables) =>
      [...tables.recoveryCodes.values()].some((code) => octetKey(code.hash) === octetKey(hash)),
    );
    await super.useRecoveryCode(userId, hash);
    return isThere;
  }
}

/** Reads how often the challenge was answered, and then writes one more. */
const racyChallenges = (database: MemoryAccess): SignInChallengeStore => {
  const store = new MemorySignInChallengeStore(database);
  return {
    add: (challenge) => store.add(challenge),
    find: (id, now) => store.find(id, now),
    giveBack: (id) => store.giveBack(id),
    complete: (id, now) => store.complete(id, now),
    reserve: async (id, now) => {
      const row = await database.read((tables) => tables.signInChallenges.get(id));
      if (!row || row.attempts >= CHALLENGE_ATTEMPTS) return store.reserve(id, now);
      const { challenge, attempts } = row;
      await database.write((tables) => tables.signInChallenges.set(id, { ...row, attempts: attempts + 1 }));
      return { kind: 'reserved', challenge };
    },
  };
};

/** Looks whether the case is as it was and the receipts count, and then saves and spends. */
class RacyCases extends MemoryCaseStore implements CaseStore {
  readonly #database: MemoryAccess;

  constructor(database: MemoryAccess, tenantId: TenantId) {
    super(database, tenantId);
    this.#database = database;
  }

  override async save({ before, after, event, audit }: CaseChange): Promise<boolean> {
    const current = await this.#database.read((tables) => tables.cases.get(after.id));
    if (current?.version !== before.version) return false;
    await this.#database.write((tables) => {
      tables.cases.set(after.id, after);
      tables.caseEvents.add(event.id, event);
      tables.auditEntries.add(audit.id, audit);
    });
    return true;
  }

  override async spendReceipts(hashes: readonly Uint8Array[], now: Date): Promise<readonly string[]> {
    const found = await Promise.all(hashes.map((hash) => this.findByReceipt(hash, now)));
    await super.spendReceipts(hashes, now);
    return found.flatMap((counted) => (counted ? [counted.id] : []));
  }
}

/** The unit of work with one of its stores replaced. */
const withStores = (
  unitOfWork: UnitOfWork,
  replace: (tenantId: TenantId) => Partial<Stores>,
): UnitOfWork => ({
  stores: (tenantId) => ({ ...unitOfWork.stores(tenantId), ...replace(tenantId) }),
  run: (tenantId, work) =>
    unitOfWork.run(tenantId, (stores, elsewhere) =>
      work({ ...stores, ...replace(tenantId) }, (other) => ({ ...elsewhere(other), ...replace(other) })),
    ),
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

  it('fails the contract of expired records', async () => {
    const database = new MemoryDatabase();
    const world = { ...memoryStoreWorld(database), expiredRecords: racyExpiredRecords(database) };
    expect(await failureOf(checkParallelRemovals(world, 'failureCounters'))).to.be.instanceOf(AssertionError);
    await checkParallelRemovals(memoryStoreWorld(database), 'failureCounters');
  });

  it('fails the contract of failure counters', async () => {
    const database = new MemoryDatabase();
    const world = { ...memoryStoreWorld(database), failureCounters: racyFailureCounters(database) };
    expect(await failureOf(checkParallelAttempts(world))).to.be.instanceOf(AssertionError);
    await checkParallelAttempts(memoryStoreWorld(database));
  });

  it('fails the contract of one-time tokens', async () => {
    const database = new MemoryDatabase();
    const world = memoryStoreWorld(database);
    const unitOfWork = withStores(world.unitOfWork, (tenantId) => ({
      oneTimeTokens: racyOneTimeTokens(database, tenantId),
    }));
    expect(await failureOf(checkParallelSpending({ ...world, unitOfWork }))).to.be.instanceOf(AssertionError);
    await checkParallelSpending(world);
  });

  it('fails the contract of one-time tokens also where only the account is old', async () => {
    const database = new MemoryDatabase();
    const world = memoryStoreWorld(database);
    const { stores } = withStores(world.unitOfWork, (tenantId) => ({
      oneTimeTokens: racyOneTimeTokens(database, tenantId),
    }));
    // Whoever changes the account has the right store: it is the sign-in beside him that looks first.
    const unitOfWork: UnitOfWork = { stores, run: (tenantId, work) => world.unitOfWork.run(tenantId, work) };
    const failure = await failureOf(checkTokensBesideChanges({ ...world, unitOfWork }));
    expect(failure).to.be.instanceOf(AssertionError);
    await checkTokensBesideChanges(world);
  });

  it('fails the contract of cases, by what is saved as by the receipts that are spent', async () => {
    const database = new MemoryDatabase();
    const world = memoryStoreWorld(database);
    const unitOfWork = withStores(world.unitOfWork, (tenantId) => ({
      cases: new RacyCases(database, tenantId),
    }));
    expect(await failureOf(checkParallelSaving({ ...world, unitOfWork }))).to.be.instanceOf(AssertionError);
    expect(await failureOf(checkParallelReceipts({ ...world, unitOfWork }))).to.be.instanceOf(AssertionError);
    await checkParallelSaving(world);
    await checkParallelReceipts(world);
  });

  it('fails the contract of claims where a physician is not held', async () => {
    const world = memoryStoreWorld(new MemoryDatabase());
    const unitOfWork = withoutIsolation(world.unitOfWork);
    expect(await failureOf(checkClaimLimit({ ...world, unitOfWork }))).to.be.instanceOf(AssertionError);
    await checkClaimLimit(world);
  });

  it('fails the contract of the outbox', async () => {
    const database = new MemoryDatabase();
    const world = memoryStoreWorld(database);
    const unitOfWork = withStores(world.unitOfWork, (tenantId) => ({
      outbox: new RacyOutbox(database, tenantId),
    }));
    expect(await failureOf(checkParallelAdding({ ...world, unitOfWork }))).to.be.instanceOf(AssertionError);
    await checkParallelAdding(world);
  });

  it('fails the contract of idempotency keys', async () => {
    const database = new MemoryDatabase();
    const world = memoryStoreWorld(database);
    const unitOfWork = withStores(world.unitOfWork, (tenantId) => ({
      idempotencyKeys: racyIdempotencyKeys(database, tenantId),
    }));
    expect(await failureOf(checkParallelClaims({ ...world, unitOfWork }))).to.be.instanceOf(AssertionError);
    await checkParallelClaims(world);
  });

  for (const [what, check] of [
    ['the codes of authenticator apps', checkParallelSteps],
    ['recovery codes', checkParallelRecovery],
  ] as const) {
    it(`fails the contract of ${what}`, async () => {
      const database = new MemoryDatabase();
      const world = memoryStoreWorld(database);
      const unitOfWork = withStores(world.unitOfWork, (tenantId) => ({
        secondFactors: new RacySecondFactors(database, tenantId),
      }));
      expect(await failureOf(check({ ...world, unitOfWork }))).to.be.instanceOf(AssertionError);
      await check(world);
    });
  }

  for (const [what, check] of [
    ['new physicians', checkParallelPhysicians],
    ['changed physicians', checkParallelChanges],
  ] as const) {
    it(`fails the contract of ${what}`, async () => {
      const database = new MemoryDatabase();
      const world = memoryStoreWorld(database);
      const unitOfWork = withStores(world.unitOfWork, (tenantId) => ({
        physicians: new RacyPhysicians(database, tenantId),
      }));
      expect(await failureOf(check({ ...world, unitOfWork }))).to.be.instanceOf(AssertionError);
      await check(world);
    });
  }

  it('fails the contract of sign-ins that wait for a second factor', async () => {
    const database = new MemoryDatabase();
    const world = { ...memoryStoreWorld(database), signInChallenges: racyChallenges(database) };
    expect(await failureOf(checkParallelAnswers(world))).to.be.instanceOf(AssertionError);
    await checkParallelAnswers(memoryStoreWorld(database));
  });
});
