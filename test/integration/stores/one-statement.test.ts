import { expect } from 'chai';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import { LegacyRowColumns } from '../../../src/adapters/postgres/legacy/legacy-row-columns.ts';
import { PoolStatements } from '../../../src/adapters/postgres/pool-statements.ts';
import type { Statement, Statements } from '../../../src/adapters/postgres/statements.ts';
import { PostgresAccountDirectory } from '../../../src/adapters/postgres/stores/account-directory.ts';
import { PostgresCaseStore } from '../../../src/adapters/postgres/stores/case-store.ts';
import { PostgresDataKeyStore } from '../../../src/adapters/postgres/stores/data-key-store.ts';
import { PostgresFailureCounterStore } from '../../../src/adapters/postgres/stores/failure-counter-store.ts';
import { PostgresMfaResetStore } from '../../../src/adapters/postgres/stores/mfa-reset-store.ts';
import { PostgresOneTimeTokenStore } from '../../../src/adapters/postgres/stores/one-time-token-store.ts';
import { PostgresPasskeyChallengeStore } from '../../../src/adapters/postgres/stores/passkey-challenge-store.ts';
import { PostgresRefreshTokenStore } from '../../../src/adapters/postgres/stores/refresh-token-store.ts';
import { PostgresSecondFactorStore } from '../../../src/adapters/postgres/stores/second-factor-store.ts';
import { PostgresSessionStore } from '../../../src/adapters/postgres/stores/session-store.ts';
import { PostgresSignInChallengeStore } from '../../../src/adapters/postgres/stores/sign-in-challenge-store.ts';
import { PostgresUserStore } from '../../../src/adapters/postgres/stores/user-store.ts';
import { adopt, assign } from '../../../src/domain/cases/workflow.ts';
import { changeUser, type User } from '../../../src/domain/identity/user.ts';
import {
  newChallenge,
  newReset,
  newSealed,
  newToken,
  plantPasskey,
  plantTotp,
} from '../../contracts/stores/access-fixtures.ts';
import { free, newAct, newChange, newMessage, plantCase } from '../../contracts/stores/case-fixtures.ts';
import { atOnce } from '../../contracts/stores/expectations.ts';
import {
  at,
  newEntry,
  newHash,
  newSession,
  newSubmission,
  NOW,
  plantDataKey,
  plantPhysician,
  plantSession,
  plantUser,
} from '../../contracts/stores/fixtures.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

/** Counts the statements that go to the pool. */
class CountedStatements implements Statements {
  readonly #statements: Statements;
  count = 0;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  run<Row>(statement: Statement<Row>, parameters: readonly unknown[]): Promise<readonly Row[]> {
    this.count += 1;
    return this.#statements.run(statement, parameters);
  }
}

describe('One statement', () => {
  let world: PostgresStoreWorld;
  let database: PostgresDatabase;
  let statements: CountedStatements;
  let user: User;

  before(async () => {
    world = await postgresStoreWorld();
    database = openDatabase({ url: world.url, prepared: true });
  });
  beforeEach(async () => {
    user = await plantUser(world);
    statements = new CountedStatements(new PoolStatements(database.kysely));
  });
  after(async () => {
    await database.close();
    await world.close();
  });

  const sessionsStore = () => new PostgresSessionStore(statements, user.tenantId);

  it('adds a session with its token and its audit entry', async () => {
    await sessionsStore().add(newSession(user), newHash(), newEntry(user.tenantId), user);
    expect(statements.count).to.equal(1);
  });

  it('ends all sessions of a user', async () => {
    for (let index = 0; index < 3; index += 1) await plantSession(world, user);
    expect(await sessionsStore().endAll(user.id, 'revoked', NOW, null)).to.equal(3);
    expect(statements.count).to.equal(1);
  });

  it('rotates a refresh token, of which one row more is left however many present it at once', async () => {
    const [hash, successorHash] = [newHash(), newHash()];
    const { id } = await plantSession(world, user, {}, hash);
    const store = new PostgresRefreshTokenStore(statements);
    await atOnce(40, () =>
      store.rotate({ presentedHash: hash, successorHash, now: at(1), retrySeconds: 10 }),
    );
    expect(statements.count).to.equal(40);
    const rows = await world.sql(
      'SELECT rotated_at FROM refresh_tokens WHERE session_uuid = $1 ORDER BY issued_at',
      [id],
    );
    expect(rows).to.deep.equal([{ rotated_at: at(1) }, { rotated_at: null }]);
  });

  it('reserves an attempt, or tells how long the lock lasts', async () => {
    const store = new PostgresFailureCounterStore(statements);
    const key = newHash();
    for (let index = 0; index < 11; index += 1) await store.reserve(key, NOW);
    expect(statements.count).to.equal(11);
  });

  it('lifts a lock', async () => {
    await new PostgresFailureCounterStore(statements).lift(newHash());
    expect(statements.count).to.equal(1);
  });

  it('puts a one-time token while the account stands', async () => {
    const store = new PostgresOneTimeTokenStore(statements, user.tenantId);
    expect(await store.putWhile(newToken(user), user)).to.equal(true);
    expect(statements.count).to.equal(1);
  });

  it('saves an account and revokes its tokens', async () => {
    await new PostgresUserStore(statements, user.tenantId).save(changeUser(user, { role: 'admin' }, at(1)));
    expect(statements.count).to.equal(1);
  });

  it('adds a case with all its parts, once the legacy table is known', async () => {
    const keyId = await plantDataKey(world, user.tenantId);
    const cases = new PostgresCaseStore(statements, user.tenantId, new LegacyRowColumns());
    const parts = { tenantId: user.tenantId, patientId: user.id };
    await cases.add(newSubmission(keyId, parts));
    expect(statements.count).to.equal(2);
    await cases.add(newSubmission(keyId, parts));
    const anonymous = { tenantId: user.tenantId, patientId: null };
    const receipt = { hash: newHash(), expiresAt: at(60) };
    await cases.add(newSubmission(keyId, anonymous, NOW, receipt));
    expect(statements.count).to.equal(4);
    const [row] = await world.sql('SELECT expires_at FROM case_receipts WHERE receipt_hash = $1', [
      receipt.hash,
    ]);
    expect(row).to.deep.equal({ expires_at: at(60) });
  });

  it('saves a step of a case with all its parts', async () => {
    const keyId = await plantDataKey(world, user.tenantId);
    const queued = await plantCase(world, keyId, { id: null, tenantId: user.tenantId });
    const physician = await plantPhysician(world, user.tenantId);
    const cases = new PostgresCaseStore(statements, user.tenantId, new LegacyRowColumns());
    const parts = { message: newMessage(queued, keyId), reason: { keyId, bytes: newHash() } };
    const adopted = adopt(queued, user.id, newAct());
    expect(await cases.save(newChange(adopted, parts))).to.equal(true);
    const assigned = assign(adopted.after, free(physician), newAct());
    expect(await cases.save(newChange(assigned))).to.equal(true);
    expect(await cases.save(newChange(assigned))).to.equal(false);
    expect(statements.count).to.equal(3);
  });

  it('spends receipts, however many, and holds their cases', async () => {
    const keyId = await plantDataKey(world, user.tenantId);
    const hashes = [newHash(), newHash()];
    for (const hash of hashes) {
      const receipt = { hash, expiresAt: at(60) };
      const anonymous = newSubmission(keyId, { tenantId: user.tenantId, patientId: null }, NOW, receipt);
      await world.unitOfWork.stores(user.tenantId).cases.add(anonymous);
    }
    const cases = new PostgresCaseStore(statements, user.tenantId, new LegacyRowColumns());
    expect(await cases.spendReceipts(hashes, NOW)).to.have.length(2);
    expect(statements.count).to.equal(1);
  });

  it('tells what a new case meets', async () => {
    const cases = new PostgresCaseStore(statements, user.tenantId, new LegacyRowColumns());
    expect(await cases.intake('en', { tenant: 'default', privatePool: null })).to.include({ pool: null });
    expect(statements.count).to.equal(1);
  });

  it('finds a tenant with its account and the factors of that', async () => {
    await plantTotp(world, user);
    await plantPasskey(world, user);
    const tenant = await world.unitOfWork.stores(user.tenantId).tenants.find(user.tenantId);
    const found = await new PostgresAccountDirectory(statements).find(tenant!.slug, user.email);
    expect(found.factors).to.deep.equal({ totp: true, passkeys: 1, recoveryCodes: 0 });
    expect(statements.count).to.equal(1);
  });

  it('elevates a session', async () => {
    const { id } = await plantSession(world, user);
    const methods = await sessionsStore().elevate(user.id, id, ['otp'], NOW);
    expect(methods).to.deep.equal(['pwd', 'otp', 'mfa']);
    expect(statements.count).to.equal(1);
  });

  it('puts and spends a one-time token', async () => {
    const tokens = new PostgresOneTimeTokenStore(statements, user.tenantId);
    const [former, newer] = [newToken(user), newToken(user)];
    await tokens.put(former);
    await tokens.put(newer);
    expect(await tokens.spend(newer.hash, NOW)).to.equal(true);
    expect(statements.count).to.equal(3);
  });

  it('reserves an answer to a challenge, or tells that it is spent, and completes it', async () => {
    const challenges = new PostgresSignInChallengeStore(statements);
    const challenge = newChallenge(user);
    await challenges.add(challenge);
    for (let index = 0; index < 11; index += 1) await challenges.reserve(challenge.id, NOW);
    await challenges.complete(challenge.id, NOW);
    expect(statements.count).to.equal(13);
  });

  it('spends what a browser was asked to sign', async () => {
    const challenges = new PostgresPasskeyChallengeStore(statements);
    const use = { kind: 'authentication', signInChallengeId: null } as const;
    const challenge = { hash: newHash(), use, expiresAt: at(60) };
    await challenges.add(challenge);
    await challenges.spend(challenge.hash, NOW);
    expect(statements.count).to.equal(2);
  });

  it('uses up a factor, and takes all away', async () => {
    const factors = new PostgresSecondFactorStore(statements, user.tenantId);
    await plantTotp(world, user, 1000);
    const [passkey, code] = [await plantPasskey(world, user), newHash()];
    await factors.replaceRecoveryCodes(user.id, [code]);
    await factors.useTotpStep(user.id, 1001);
    await factors.useRecoveryCode(user.id, code);
    await factors.usePasskey(passkey.id, 1, NOW);
    await factors.removeAll(user.id);
    expect(statements.count).to.equal(5);
  });

  it('begins and completes a reset of factors', async () => {
    const resets = new PostgresMfaResetStore(statements, user.tenantId);
    const reset = newReset(user);
    await resets.add(reset, newSealed(await plantDataKey(world, user.tenantId)));
    await resets.complete(reset.id, at(86_400));
    expect(statements.count).to.equal(2);
  });

  it('gives the data key that stands', async () => {
    await plantDataKey(world, user.tenantId);
    const key = {
      id: user.id,
      tenantId: user.tenantId,
      wrappedKey: newHash(),
      createdAt: NOW,
      retiredAt: null,
    };
    await new PostgresDataKeyStore(statements).addFirst(key);
    expect(statements.count).to.equal(1);
  });
});
