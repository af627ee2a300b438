import { expect } from 'chai';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import pg from 'pg';
import {
  DATA_KEYS_CHANNEL,
  REVOCATIONS_CHANNEL,
  SIGNING_KEYS_CHANNEL,
} from '../../../src/adapters/postgres/channels.ts';
import { changeUser, withLanguage } from '../../../src/domain/identity/user.ts';
import { undo } from '../../contracts/stores/expectations.ts';
import {
  at,
  newHash,
  newId,
  NOW,
  plantSession,
  plantTenant,
  plantUser,
  newEntry,
} from '../../contracts/stores/fixtures.ts';
import { newDataKey } from '../../contracts/stores/key-fixtures.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

interface Heard {
  readonly channel: string;
  readonly payload: unknown;
}

describe('What the PostgreSQL stores tell other processes', () => {
  let world: PostgresStoreWorld;
  let listener: pg.Client;
  let heard: Heard[];

  /** What was told until now: notifications come in order, so the last one to come is our own. */
  const heardSoFar = async (): Promise<readonly Heard[]> => {
    const marker = newId();
    const arrived = new Promise<void>((resolve) => {
      listener.on('notification', ({ payload }) => {
        if (payload === marker) resolve();
      });
    });
    await world.sql(`SELECT pg_notify('marker', $1)`, [marker]);
    await arrived;
    return heard;
  };

  before(async () => {
    world = await postgresStoreWorld();
    listener = new pg.Client({ connectionString: world.url });
    await listener.connect();
    for (const channel of [REVOCATIONS_CHANNEL, SIGNING_KEYS_CHANNEL, DATA_KEYS_CHANNEL, 'marker']) {
      await listener.query(`LISTEN ${channel}`);
    }
    listener.on('notification', ({ channel, payload }) => {
      if (channel === 'marker') return;
      heard.push({ channel, payload: payload ? (JSON.parse(payload) as unknown) : null });
    });
  });
  beforeEach(() => {
    heard = [];
  });
  after(async () => {
    await listener.end();
    await world.close();
  });

  const ended = (id: string): Heard => ({ channel: REVOCATIONS_CHANNEL, payload: { s: id } });

  it('is each session that was ended, and no other', async () => {
    const user = await plantUser(world);
    const { sessions } = world.unitOfWork.stores(user.tenantId);
    const [first, second, third, kept] = [
      await plantSession(world, user),
      await plantSession(world, user),
      await plantSession(world, user),
      await plantSession(world, user),
    ];
    await sessions.end(user.id, first.id, 'signed-out', NOW);
    await sessions.end(user.id, first.id, 'signed-out', NOW);
    expect(await heardSoFar()).to.deep.equal([ended(first.id)]);
    await sessions.endAll(user.id, 'revoked', NOW, kept.id);
    expect((await heardSoFar()).slice(1)).to.have.deep.members([ended(second.id), ended(third.id)]);
  });

  it('is nothing of a unit of work that failed', async () => {
    const user = await plantUser(world);
    const session = await plantSession(world, user);
    await undo(world, user.tenantId, async ({ users, sessions }) => {
      await sessions.end(user.id, session.id, 'revoked', NOW);
      await users.save(changeUser(user, { role: 'admin' }, NOW));
    });
    expect(await heardSoFar()).to.deep.equal([]);
  });

  it('is the epoch of an account when it grew, which the account remembers', async () => {
    const user = await plantUser(world);
    const { users } = world.unitOfWork.stores(user.tenantId);
    const renamed = withLanguage(user, 'he', at(1));
    await users.save(renamed);
    expect(await heardSoFar()).to.deep.equal([]);
    const disabled = changeUser(renamed, { isActive: false }, at(2));
    await users.save(disabled);
    const told = { u: user.id, e: disabled.tokenEpoch };
    expect(await heardSoFar()).to.deep.equal([{ channel: REVOCATIONS_CHANNEL, payload: told }]);
    await users.save(withLanguage(disabled, 'ru', at(3)));
    expect(await heardSoFar()).to.have.length(1);
    const [row] = await world.sql('SELECT epoch_changed_at FROM users WHERE uuid = $1', [user.id]);
    expect(row).to.deep.equal({ epoch_changed_at: at(2) });
  });

  it('is that signing keys changed', async () => {
    await world.sql('DELETE FROM signing_keys');
    const newKey = (createdAt: Date) => ({
      kid: newId(),
      alg: 'EdDSA',
      publicKey: {},
      sealedPrivateKey: newHash(),
      createdAt,
      acceptedUntil: null,
    });
    await world.signingKeyStore.addFirst(newKey(NOW));
    await world.signingKeyStore.addFirst(newKey(NOW));
    await world.signingKeyStore.addAndRetireOthers(newKey(at(1)), at(600), newEntry(DEFAULT_TENANT_ID));
    const told = { channel: SIGNING_KEYS_CHANNEL, payload: null };
    expect(await heardSoFar()).to.deep.equal([told, told]);
  });

  it('is that data keys were replaced, once for all tenants, and nothing where none was', async () => {
    const former = await Promise.all(
      [await plantTenant(world), await plantTenant(world)].map(({ id }) =>
        world.dataKeyStore.addFirst(newDataKey(id)),
      ),
    );
    const replace = () =>
      world.dataKeyStore.replaceCurrent(
        former.map(({ id, tenantId }) => ({ formerId: id, key: newDataKey(tenantId) })),
        at(1),
        newEntry(DEFAULT_TENANT_ID),
      );
    expect(await replace()).to.equal(2);
    expect(await replace()).to.equal(0);
    expect(await heardSoFar()).to.deep.equal([{ channel: DATA_KEYS_CHANNEL, payload: null }]);
  });
});
