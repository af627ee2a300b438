import { expect } from 'chai';
import { HmacKeyedHash } from '../../../src/adapters/crypto/hmac-keyed-hash.ts';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { FixedClock } from '../../../src/adapters/memory/fixed-clock.ts';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.ts';
import { CreatePhysician } from '../../../src/application/identity/create-physician.ts';
import { NotAPhysician } from '../../../src/domain/identity/errors.ts';
import type { Physician } from '../../../src/domain/identity/physician.ts';
import { changeUser, type User } from '../../../src/domain/identity/user.ts';
import { at, NOW, plantUser } from '../../contracts/stores/fixtures.ts';
import { eventually } from '../../support/eventually.ts';
import { systemOf } from '../../support/builders.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';
import { refusalOf } from '../../support/refusal-of.ts';

const WAITING = `SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'casegate' AND wait_event_type = 'Lock'`;

describe('An account of which a physician is made', () => {
  let world: PostgresStoreWorld;
  let user: User;

  before(async () => {
    world = await postgresStoreWorld();
  });
  beforeEach(async () => {
    user = await plantUser(world, { role: 'physician' });
  });
  after(() => world.close());

  const isWaiting = async (): Promise<boolean> => (await world.sql(WAITING)).length > 0;
  const stores = () => world.unitOfWork.stores(user.tenantId);
  const asPatient = () => changeUser(user, { role: 'patient' }, at(1));
  const create = (): Promise<Physician | null> =>
    new CreatePhysician({
      clock: new FixedClock(NOW),
      idGenerator: new UuidV7Generator(),
      keyedHash: new HmacKeyedHash(new MasterKey(Buffer.alloc(32, 7))),
      unitOfWork: world.unitOfWork,
    }).execute({
      actor: systemOf(user.tenantId),
      physician: { userId: user.id, languagePreference: 'en' },
    });

  it('is looked at as a change has left it that came first', async () => {
    const refused: Promise<unknown>[] = [];
    await world.unitOfWork.run(user.tenantId, async ({ users }) => {
      await users.save(asPatient());
      refused.push(refusalOf(create()));
      await eventually(isWaiting);
    });
    expect(await refused[0]).to.be.instanceOf(NotAPhysician);
    expect(await stores().physicians.findByUser(user.id)).to.equal(null);
  });

  it('is held until the physician is kept: a change waits', async () => {
    const changed: Promise<void>[] = [];
    await world.unitOfWork.run(user.tenantId, async ({ users }) => {
      expect(await users.lock(user.id)).to.deep.equal(user);
      changed.push(stores().users.save(asPatient()));
      await eventually(isWaiting);
      expect((await stores().users.find(user.id))?.role).to.equal('physician');
    });
    await changed[0];
    expect((await stores().users.find(user.id))?.role).to.equal('patient');
  });
});
