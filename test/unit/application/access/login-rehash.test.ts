import { expect } from 'chai';
import { Argon2PasswordHasher } from '../../../../src/adapters/crypto/argon2-password-hasher.ts';
import type { PasswordHasher } from '../../../../src/application/ports/security/password-hasher.ts';
import type { UnitOfWork } from '../../../../src/application/ports/unit-of-work.ts';
import { Unavailable } from '../../../../src/domain/access/errors.ts';
import { withLanguage } from '../../../../src/domain/identity/user.ts';
import { DEFAULT_TENANT_ID } from '../../../../src/domain/shared/ids.ts';
import { compose } from '../../../../src/main/compose.ts';
import { NO_CLIENT, PASSWORD } from '../../../support/builders.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { signedIn } from '../../../support/signed-in.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const former = new Argon2PasswordHasher({ memoryKib: 8, passes: 1 });
const present = new Argon2PasswordHasher({ memoryKib: 16, passes: 1 });

describe('Login with a hash of former parameters', () => {
  /** A world in which new hashes are of the present parameters, and one account has a former one. */
  async function withFormerHash(passwordHasher: PasswordHasher = present): Promise<World> {
    const here = world({ replace: () => ({ passwordHasher }) });
    await here.patient({ email: EMAIL });
    const passwordHash = await former.hash(PASSWORD);
    await here.adapters.database.write((tables) => {
      for (const user of tables.users.values()) tables.users.set(user.id, { ...user, passwordHash });
    });
    return here;
  }

  const userOf = async (here: World) => (await here.rows('users'))[0];
  const login = async (here: World, password = PASSWORD) =>
    signedIn(await here.app.access.login.execute({ email: EMAIL, password, client: NO_CLIENT }));

  it('brings the hash up to date, once', async () => {
    const here = await withFormerHash();
    here.clock.advance(5);
    expect((await login(here)).kind).to.equal('signed-in');
    const renewed = await userOf(here);
    expect(renewed?.passwordHash).to.match(/^\$argon2id\$v=19\$m=16,t=1,p=1\$/);
    expect(renewed).to.include({ version: 2 }).and.deep.include({ updatedAt: here.clock.now() });

    await login(here);
    expect(await userOf(here)).to.deep.equal(renewed);
  });

  it('keeps the password, and the tokens that were made before', async () => {
    const here = await withFormerHash();
    const { tokens } = await login(here);
    expect(await here.whoIs(tokens)).not.to.equal(null);
    expect((await login(here)).kind).to.equal('signed-in');
  });

  it('leaves the hash as it is where the password is wrong', async () => {
    const here = await withFormerHash();
    const before = await userOf(here);
    await refusalOf(login(here, 'another password'));
    expect(await userOf(here)).to.deep.equal(before);
  });

  it('gives way where the account was changed meanwhile, and signs in all the same', async () => {
    let whileHashing: () => Promise<void> = () => Promise.resolve();
    const here = await withFormerHash({
      verify: (password, hash) => present.verify(password, hash),
      accepts: (hash) => present.accepts(hash),
      hash: async (password) => {
        await whileHashing();
        return present.hash(password);
      },
    });
    whileHashing = async () => {
      const user = await userOf(here);
      const { users } = here.adapters.unitOfWork.stores(DEFAULT_TENANT_ID);
      await users.save(withLanguage(user!, 'he', here.clock.now()));
    };
    expect((await login(here)).kind).to.equal('signed-in');
    const user = await userOf(here);
    expect(user).to.include({ language: 'he', version: 2 });
    expect(user?.passwordHash).to.match(/m=8,/);
  });

  it('does not hide a fault of the store', async () => {
    const here = await withFormerHash();
    const { unitOfWork } = here.adapters;
    const failing: UnitOfWork = {
      run: (tenantId, work) => unitOfWork.run(tenantId, work),
      stores: (tenantId) => {
        const stores = unitOfWork.stores(tenantId);
        return { ...stores, users: { ...stores.users, save: () => Promise.reject(new Error('no disk')) } };
      },
    };
    const { access } = compose({ ...here.adapters, passwordHasher: present, unitOfWork: failing });
    const act = access.login.execute({ email: EMAIL, password: PASSWORD, client: NO_CLIENT });
    expect(await faultOf(act)).to.have.property('message', 'no disk');
  });

  it('leaves it to the next sign-in where too much waits to be hashed, and signs in all the same', async () => {
    let isBusy = false;
    const here = await withFormerHash({
      verify: (password, hash) => present.verify(password, hash),
      accepts: (hash) => present.accepts(hash),
      hash: (password) => (isBusy ? Promise.reject(new Unavailable()) : present.hash(password)),
    });
    isBusy = true;
    const { tokens } = await login(here);
    expect(await here.whoIs(tokens)).not.to.equal(null);
    expect((await userOf(here))?.passwordHash).to.match(/m=8,/);
    isBusy = false;
    await login(here);
    expect((await userOf(here))?.passwordHash).to.match(/m=16,/);
  });
});
