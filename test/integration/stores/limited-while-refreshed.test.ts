import { expect } from 'chai';
import type { Rotation } from '../../../src/application/ports/stores/refresh-token-store.ts';
import type { Session } from '../../../src/domain/access/session.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { at, newHash, NOW, plantSession, plantUser } from '../../contracts/stores/fixtures.ts';
import { eventually } from '../../support/eventually.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const WAITING = `SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'casegate' AND wait_event_type = 'Lock'`;

describe('A refresh that waits for somebody who holds its session', () => {
  let world: PostgresStoreWorld;
  let user: User;
  let session: Session;
  let hash: Uint8Array;

  before(async () => {
    world = await postgresStoreWorld();
  });
  beforeEach(async () => {
    hash = newHash();
    user = await plantUser(world);
    session = await plantSession(world, user, {}, hash);
  });
  after(() => world.close());

  const refresh = (): Promise<Rotation> =>
    world.refreshTokenStore.rotate({
      presentedHash: hash,
      successorHash: newHash(),
      now: at(1),
      retrySeconds: 10,
    });

  const isWaiting = async (): Promise<boolean> => (await world.sql(WAITING)).length > 0;

  it('keeps the limits that were shortened meanwhile, and tells them', async () => {
    const refreshed: Promise<Rotation>[] = [];
    await world.unitOfWork.run(user.tenantId, async ({ sessions }) => {
      await sessions.limitAll(user.id, { idleSeconds: 60, maxSeconds: 90 }, NOW);
      refreshed.push(refresh());
      await eventually(isWaiting);
    });
    const limits = { idleExpiresAt: at(61), expiresAt: at(90) };
    expect(await refreshed[0]).to.deep.include({
      kind: 'rotated',
      session: { ...limits, legacySid: null },
    });
    const stored = await world.unitOfWork.stores(user.tenantId).sessions.find(session.id);
    expect(stored).to.deep.include(limits);
  });

  it('is refused where the session was over by the shortened limit', async () => {
    const refreshed: Promise<Rotation>[] = [];
    await world.unitOfWork.run(user.tenantId, async ({ sessions }) => {
      await sessions.limitAll(user.id, { idleSeconds: 60, maxSeconds: 90 }, at(-120));
      refreshed.push(refresh());
      await eventually(isWaiting);
    });
    expect(await refreshed[0]).to.deep.equal({ kind: 'invalid' });
  });
});
