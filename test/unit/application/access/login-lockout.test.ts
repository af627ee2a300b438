import { expect } from 'chai';
import { InvalidCredentials, RateLimited, Unavailable } from '../../../../src/domain/access/errors.ts';
import type { DomainError } from '../../../../src/domain/shared/domain-error.ts';
import { NO_CLIENT, PASSWORD } from '../../../support/builders.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const WRONG = 'another password';

const retryAfterOf = (refusal: DomainError): number | null =>
  refusal instanceof RateLimited ? refusal.retryAfterSeconds : null;

describe('The lock after failed logins', () => {
  let here: World;

  beforeEach(async () => {
    here = world();
    await here.patient({ email: EMAIL });
  });

  const login = (password: string, email = EMAIL, tenant?: string) =>
    here.app.access.login.execute({ email, password, tenant, client: NO_CLIENT });

  const fail = async (times: number, email = EMAIL): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      expect(await refusalOf(login(WRONG, email))).to.be.instanceOf(InvalidCredentials);
    }
  };

  for (const [whom, email] of [
    ['an account', EMAIL],
    ['an address without an account', 'nobody@example.org'],
  ] as const) {
    it(`comes after ten for ${whom}, and then lasts 1, 2, 4 … seconds`, async () => {
      await fail(10, email);
      for (const seconds of [1, 2, 4, 8]) {
        expect(retryAfterOf(await refusalOf(login(WRONG, email)))).to.equal(seconds);
        here.clock.advance(seconds - 0.001);
        expect(retryAfterOf(await refusalOf(login(WRONG, email)))).to.equal(1);
        here.clock.advance(0.001);
        await fail(1, email);
      }
    });
  }

  it('refuses the right password too, and hears it when it is over', async () => {
    await fail(10);
    expect(await refusalOf(login(PASSWORD))).to.be.instanceOf(RateLimited);
    here.clock.advance(1);
    expect((await login(PASSWORD)).kind).to.equal('signed-in');
  });

  it('does not come for what could not be compared, because too much waited', async () => {
    let busy = true;
    const busyWorld = world({
      replace: ({ passwordHasher }) => ({
        passwordHasher: {
          accepts: (hash) => passwordHasher.accepts(hash),
          hash: (password) => passwordHasher.hash(password),
          verify: (password, hash) =>
            busy ? Promise.reject(new Unavailable()) : passwordHasher.verify(password, hash),
        },
      }),
    });
    const { actor } = await busyWorld.patient({ email: EMAIL });
    const { access, identity } = busyWorld.app;
    const attempts = [
      () => access.login.execute({ email: EMAIL, password: PASSWORD, client: NO_CLIENT }),
      () =>
        identity.changePassword.execute({ actor, currentPassword: PASSWORD, newPassword: 'a new password' }),
    ];
    for (const attempt of attempts) {
      for (let time = 0; time < 12; time += 1) {
        expect(await refusalOf(attempt())).to.be.instanceOf(Unavailable);
      }
    }
    busy = false;
    for (const attempt of attempts) await attempt();
  });

  it('compares nothing while it lasts', async () => {
    let comparisons = 0;
    const { app, patient } = world({
      replace: ({ passwordHasher }) => ({
        passwordHasher: {
          accepts: (hash) => passwordHasher.accepts(hash),
          hash: (password) => passwordHasher.hash(password),
          verify: (password, hash) => {
            comparisons += 1;
            return passwordHasher.verify(password, hash);
          },
        },
      }),
    });
    await patient({ email: EMAIL });
    const attempt = () =>
      refusalOf(app.access.login.execute({ email: EMAIL, password: WRONG, client: NO_CLIENT }));
    for (let time = 0; time < 13; time += 1) await attempt();
    expect(comparisons).to.equal(10);
  });

  it('lasts 15 minutes at most', async () => {
    await fail(10);
    const locks: (number | null)[] = [];
    for (let lock = 0; lock < 12; lock += 1) {
      const seconds = retryAfterOf(await refusalOf(login(WRONG)));
      locks.push(seconds);
      here.clock.advance(seconds ?? 0);
      await fail(1);
    }
    expect(locks).to.deep.equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  it('is forgotten after a success: ten are free again', async () => {
    await fail(9);
    await login(PASSWORD);
    await fail(10);
    expect(retryAfterOf(await refusalOf(login(PASSWORD)))).to.equal(1);
  });

  it('is one for every spelling of the address', async () => {
    await fail(5, EMAIL.toUpperCase());
    await fail(5, ` ${EMAIL}`);
    expect(await refusalOf(login(PASSWORD))).to.be.instanceOf(RateLimited);
  });

  it('leaves other accounts alone, those of the same address in another tenant among them', async () => {
    const clinic = await here.tenant();
    await here.patient({ email: EMAIL, tenant: clinic });
    await here.patient({ email: 'neighbour@example.org' });
    await fail(10);
    expect((await login(PASSWORD, 'neighbour@example.org')).kind).to.equal('signed-in');
    expect((await login(PASSWORD, EMAIL, clinic.slug)).kind).to.equal('signed-in');
  });

  it('does not end sessions that live', async () => {
    const { tokens } = await here.signIn({ email: EMAIL });
    await fail(10);
    expect(await here.whoIs(tokens)).not.to.equal(null);
    const { refreshToken } = tokens;
    expect(await here.app.access.refreshToken.execute({ refreshToken })).to.include({ expiresIn: 600 });
  });

  it('lets no more than ten of many parallel guesses be compared', async () => {
    const guesses = Array.from({ length: 40 }, () => refusalOf(login(WRONG)));
    const refusals = await Promise.all(guesses);
    expect(refusals.filter((refusal) => refusal instanceof InvalidCredentials)).to.have.length(10);
    expect(refusals.filter((refusal) => refusal instanceof RateLimited)).to.have.length(30);
  });

  it('is kept without the address', async () => {
    await fail(1);
    const keys = await here.adapters.database.read((tables) => tables.failureCounters.get(EMAIL));
    expect(keys).to.equal(undefined);
    expect(await here.rows('failureCounters')).to.deep.equal([
      { failures: 1, lockedUntil: null, lastFailedAt: here.clock.now() },
    ]);
  });
});
