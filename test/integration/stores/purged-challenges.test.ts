import { expect } from 'chai';
import pg from 'pg';
import type { User } from '../../../src/domain/identity/user.ts';
import { newChallenge } from '../../contracts/stores/access-fixtures.ts';
import { at, newHash, NOW, plantUser } from '../../contracts/stores/fixtures.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const HOUR = 3600;

describe('Challenges that expired long ago', () => {
  let world: PostgresStoreWorld;
  let user: User;

  beforeEach(async () => {
    world = await postgresStoreWorld();
    user = await plantUser(world);
  });
  afterEach(() => world.close());

  const kinds = {
    sign_in_challenges: (seconds: number) =>
      world.signInChallenges.add(newChallenge(user, { expiresAt: at(seconds) })),
    passkey_challenges: (seconds: number) =>
      world.passkeyChallenges.add({
        hash: newHash(),
        use: { kind: 'authentication', signInChallengeId: null },
        expiresAt: at(seconds),
      }),
  };

  for (const [table, add] of Object.entries(kinds)) {
    const left = async (): Promise<number> => (await world.sql(`SELECT FROM ${table}`)).length;

    it(`go by tens with each addition to ${table}, and those that expired just now stay`, async () => {
      for (let index = 0; index < 13; index += 1) await add(index / 100);
      await add(HOUR - 1);
      expect(await left()).to.equal(14);
      await add(HOUR + 1);
      expect(await left()).to.equal(5);
      await add(HOUR + 1);
      expect(await left()).to.equal(3);
    });

    it(`are left to whoever holds them in ${table}, without waiting for him`, async () => {
      await add(0);
      const holder = new pg.Client({ connectionString: world.url });
      await holder.connect();
      await holder.query(`BEGIN; SELECT FROM ${table} FOR UPDATE`);
      await add(2 * HOUR);
      expect(await left()).to.equal(2);
      await holder.query('ROLLBACK');
      await holder.end();
      await add(2 * HOUR);
      expect(await left()).to.equal(2);
    });
  }

  it('are unknown, before they are gone as after', async () => {
    const challenge = newChallenge(user, { expiresAt: NOW });
    await world.signInChallenges.add(challenge);
    for (let round = 0; round < 2; round += 1) {
      expect(await world.signInChallenges.reserve(challenge.id, NOW)).to.deep.equal({ kind: 'unknown' });
      await kinds.sign_in_challenges(2 * HOUR);
    }
    expect(await world.sql('SELECT FROM sign_in_challenges WHERE uuid = $1', [challenge.id])).to.deep.equal(
      [],
    );
  });
});
