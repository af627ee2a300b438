import { expect } from 'chai';
import type { User } from '../../../src/domain/identity/user.ts';
import { newChallenge, newSealed, newToken } from '../../contracts/stores/access-fixtures.ts';
import { atOnce } from '../../contracts/stores/expectations.ts';
import { newHash, NOW, plantDataKey, plantUser } from '../../contracts/stores/fixtures.ts';
import { eventually } from '../../support/eventually.ts';
import { withClient } from '../../support/legacy-service.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const WAITING = `SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'casegate' AND wait_event_type = 'Lock'`;

describe('Whoever comes with a secret while another takes its place', () => {
  let world: PostgresStoreWorld;
  let user: User;

  before(async () => {
    world = await postgresStoreWorld();
  });
  beforeEach(async () => {
    user = await plantUser(world);
  });
  after(() => world.close());

  const stores = () => world.unitOfWork.stores(user.tenantId);

  const isWaiting = async (): Promise<boolean> => (await world.sql(WAITING)).length > 0;

  it('spends no token that a newer one supersedes', async () => {
    const [former, newer] = [newToken(user), newToken(user)];
    await stores().oneTimeTokens.put(former);
    const spent: Promise<boolean>[] = [];
    await world.unitOfWork.run(user.tenantId, async ({ oneTimeTokens }) => {
      await oneTimeTokens.put(newer);
      spent.push(stores().oneTimeTokens.spend(former.hash, NOW));
      await eventually(isWaiting);
    });
    expect(await spent[0]).to.equal(false);
    expect(await stores().oneTimeTokens.spend(newer.hash, NOW)).to.equal(true);
  });

  it('spends no token that was revoked', async () => {
    const token = newToken(user);
    await stores().oneTimeTokens.put(token);
    const spent: Promise<boolean>[] = [];
    await world.unitOfWork.run(user.tenantId, async ({ oneTimeTokens }) => {
      await oneTimeTokens.revoke(user.id, [token.purpose]);
      spent.push(stores().oneTimeTokens.spend(token.hash, NOW));
      await eventually(isWaiting);
    });
    expect(await spent[0]).to.equal(false);
  });

  it('confirms no authenticator app in place of which another was begun', async () => {
    const keyId = await plantDataKey(world, user.tenantId);
    const [former, newer] = [newSealed(keyId), newSealed(keyId)];
    await stores().secondFactors.putPendingTotp(user.id, former, NOW);
    const confirmed: Promise<boolean>[] = [];
    await world.unitOfWork.run(user.tenantId, async ({ secondFactors }) => {
      await secondFactors.putPendingTotp(user.id, newer, NOW);
      confirmed.push(stores().secondFactors.confirmTotp(user.id, former, 1000, NOW));
      await eventually(isWaiting);
    });
    expect(await confirmed[0]).to.equal(false);
    expect(await stores().secondFactors.confirmTotp(user.id, newer, 1000, NOW)).to.equal(true);
  });

  it('uses no recovery code that was replaced', async () => {
    const code = newHash();
    await stores().secondFactors.replaceRecoveryCodes(user.id, [code]);
    const used: Promise<boolean>[] = [];
    await world.unitOfWork.run(user.tenantId, async ({ secondFactors }) => {
      await secondFactors.replaceRecoveryCodes(user.id, [newHash()]);
      used.push(stores().secondFactors.useRecoveryCode(user.id, code));
      await eventually(isWaiting);
    });
    expect(await used[0]).to.equal(false);
    expect(await stores().secondFactors.summary(user.id)).to.include({ recoveryCodes: 1 });
  });

  it('leaves the recovery codes of one, of many who replace them at once', async () => {
    const sets = Array.from({ length: 8 }, () => Array.from({ length: 10 }, newHash));
    await atOnce(8, (index) => stores().secondFactors.replaceRecoveryCodes(user.id, sets[index]!));
    expect(await stores().secondFactors.summary(user.id)).to.include({ recoveryCodes: 10 });
    const firsts = await atOnce(8, (index) =>
      stores().secondFactors.useRecoveryCode(user.id, sets[index]![0]!),
    );
    expect(firsts.filter(Boolean)).to.have.length(1);
  });

  it('answers no challenge that was answered, and learns of the last attempt that was taken', async () => {
    const [answered, guessed] = [newChallenge(user), newChallenge(user)];
    for (const challenge of [answered, guessed]) await world.signInChallenges.add(challenge);
    for (let attempt = 0; attempt < 9; attempt += 1) await world.signInChallenges.reserve(guessed.id, NOW);
    const outcomes = await withClient(world.url, async (client) => {
      await client.query('BEGIN');
      await client.query('UPDATE sign_in_challenges SET completed_at = expires_at WHERE uuid = $1', [
        answered.id,
      ]);
      await client.query('UPDATE sign_in_challenges SET attempts = 10 WHERE uuid = $1', [guessed.id]);
      const waiting = [answered, guessed].map(({ id }) => world.signInChallenges.reserve(id, NOW));
      await eventually(async () => (await world.sql(WAITING)).length === 2);
      await client.query('COMMIT');
      return waiting;
    });
    expect(await Promise.all(outcomes)).to.deep.equal([
      { kind: 'unknown' },
      { kind: 'spent', retryAfterSeconds: 300 },
    ]);
  });
});
