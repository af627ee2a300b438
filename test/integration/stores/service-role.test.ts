import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { grantSteps, SERVICE_NEEDS } from '../../../migrations/service-role.ts';
import type { Statements } from '../../../src/adapters/postgres/statements.ts';
import { PostgresAccountDirectory } from '../../../src/adapters/postgres/stores/account-directory.ts';
import { PostgresMfaResetStore } from '../../../src/adapters/postgres/stores/mfa-reset-store.ts';
import { PostgresOneTimeTokenStore } from '../../../src/adapters/postgres/stores/one-time-token-store.ts';
import { PostgresOutbox } from '../../../src/adapters/postgres/stores/outbox.ts';
import { PostgresPasskeyChallengeStore } from '../../../src/adapters/postgres/stores/passkey-challenge-store.ts';
import { PostgresSecondFactorStore } from '../../../src/adapters/postgres/stores/second-factor-store.ts';
import { PostgresSignInChallengeStore } from '../../../src/adapters/postgres/stores/sign-in-challenge-store.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import {
  newChallenge,
  newOutboxEntry,
  newPasskey,
  newReset,
  newSealed,
  newToken,
} from '../../contracts/stores/access-fixtures.ts';
import { at, newHash, NOW, plantDataKey, plantUser } from '../../contracts/stores/fixtures.ts';
import { ignoreJobs } from '../../support/ignore-jobs.ts';
import { withClient } from '../../support/legacy-service.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

/** Does `work` in the service's role, which has what migrations grant it and no more, and undoes it. */
const inServiceRole = (url: string, work: (statements: Statements, client: pg.Client) => Promise<void>) =>
  withClient(url, async (client) => {
    const role = `clerk_${randomBytes(4).toString('hex')}`;
    await client.query(`BEGIN; CREATE ROLE ${role}`);
    for (const { sql } of grantSteps(role, SERVICE_NEEDS)) await client.query(sql);
    await client.query(`SET LOCAL ROLE ${role}`);
    const statements: Statements = {
      run: async <Row>(statement: { readonly text: string }, parameters: readonly unknown[]) =>
        (await client.query(statement.text, [...parameters])).rows as Row[],
    };
    await work(statements, client);
    await client.query('ROLLBACK');
  });

describe("The service's role, which owns nothing", () => {
  let world: PostgresStoreWorld;
  let user: User;
  let keyId: string;

  before(async () => {
    world = await postgresStoreWorld();
    user = await plantUser(world);
    keyId = await plantDataKey(world, user.tenantId);
  });
  after(() => world.close());

  it('may do what is done with second factors', () =>
    inServiceRole(world.url, async (statements) => {
      const factors = new PostgresSecondFactorStore(statements, user.tenantId);
      const [secret, passkey, code] = [newSealed(keyId), newPasskey(user), newHash()];
      await factors.putPendingTotp(user.id, secret, NOW);
      expect(await factors.confirmTotp(user.id, secret, 1, NOW)).to.equal(true);
      await factors.replaceRecoveryCodes(user.id, [code]);
      expect(await factors.useRecoveryCode(user.id, code)).to.equal(true);
      await factors.addPasskey(passkey);
      expect(await factors.usePasskey(passkey.id, 1, NOW)).to.equal(true);
      await new PostgresAccountDirectory(statements).find('default', user.email);
      await factors.removeAll(user.id);
    }));

  it('may do what is done with tokens, challenges, resets and the outbox', () =>
    inServiceRole(world.url, async (statements) => {
      const tokens = new PostgresOneTimeTokenStore(statements, user.tenantId);
      const token = newToken(user);
      await tokens.put(token);
      await tokens.put(token);
      expect(await tokens.spend(token.hash, NOW)).to.equal(true);
      const signIns = new PostgresSignInChallengeStore(statements);
      const challenge = newChallenge(user);
      await signIns.add(challenge);
      expect(await signIns.reserve(challenge.id, NOW)).to.include({ kind: 'reserved' });
      const passkeys = new PostgresPasskeyChallengeStore(statements);
      const use = { kind: 'authentication', signInChallengeId: null } as const;
      await passkeys.add({ hash: newHash(), use, expiresAt: NOW });
      await passkeys.add({ hash: newHash(), use, expiresAt: at(86_400) });
      const resets = new PostgresMfaResetStore(statements, user.tenantId);
      await resets.add(newReset(user), newSealed(keyId));
      expect(await resets.cancel(user.id, NOW)).to.equal(true);
      const entry = newOutboxEntry(user.tenantId, keyId);
      const atomically = <T>(work: (given: Statements) => Promise<T>) => work(statements);
      const outbox = new PostgresOutbox({ statements, atomically, enqueue: ignoreJobs }, user.tenantId);
      await outbox.add(entry);
      const another = newOutboxEntry(user.tenantId, keyId);
      expect(await outbox.addWithin(another, 1, NOW)).to.equal(true);
      expect(await outbox.settle(entry.id, 'done', NOW)).to.equal(true);
    }));

  for (const text of ['DELETE FROM outbox', 'DELETE FROM mfa_resets', 'TRUNCATE one_time_tokens']) {
    it(`may not do what it never does: ${text}`, () =>
      inServiceRole(world.url, async (_, client) => {
        const refused = await client.query(text).then(
          () => null,
          (error: unknown) => (error as { code: string }).code,
        );
        expect(refused).to.equal('42501');
      }));
  }
});
