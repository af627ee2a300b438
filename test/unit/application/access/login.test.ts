import { expect } from 'chai';
import { Argon2PasswordHasher } from '../../../../src/adapters/crypto/argon2-password-hasher.ts';
import type { LoginCommand } from '../../../../src/application/access/login.ts';
import type { PasswordHasher } from '../../../../src/application/ports/security/password-hasher.ts';
import { InvalidCredentials, Unavailable } from '../../../../src/domain/access/errors.ts';
import { DEFAULT_TENANT_ID } from '../../../../src/domain/shared/ids.ts';
import { LIFETIMES, NO_CLIENT, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { signedIn } from '../../../support/signed-in.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';

const commandOf = (given: Partial<LoginCommand> = {}): LoginCommand => ({
  email: EMAIL,
  password: PASSWORD,
  client: NO_CLIENT,
  ...given,
});

/** Lets the real hasher work, and writes down what it was asked to compare with. */
function listening(hasher: PasswordHasher, compared: (string | null)[]): PasswordHasher {
  return {
    accepts: (hash) => hasher.accepts(hash),
    hash: (password) => hasher.hash(password),
    verify: (password, hash) => {
      compared.push(hash);
      return hasher.verify(password, hash);
    },
  };
}

describe('Login', () => {
  let here: World;

  beforeEach(async () => {
    here = world();
    await here.patient({ email: EMAIL });
  });

  describe('with the right password', () => {
    it('opens a session of the device, proven by a password, and says so in the trail', async () => {
      here.clock.advance(60);
      const client = { userAgent: 'a browser', address: '192.0.2.7' };
      const { kind, user, tokens } = signedIn(await here.app.access.login.execute(commandOf({ client })));
      expect(kind).to.equal('signed-in');
      expect(user).to.include({ email: EMAIL, tenantId: DEFAULT_TENANT_ID, role: 'patient' });
      expect(tokens).to.include({ expiresIn: 600, refreshExpiresIn: 1000 });

      const session = (await here.rows('sessions')).at(-1);
      expect(session).to.deep.include({ userId: user.id, client, amr: ['pwd'], createdAt: here.clock.now() });
      const entry = (await here.audited('access.signed-in')).at(-1);
      expect(entry).to.deep.include({
        tenantId: DEFAULT_TENANT_ID,
        actor: { kind: 'user', id: user.id },
        subject: { type: 'session', id: session?.id },
        at: here.clock.now(),
        details: { amr: 'pwd' },
      });
    });

    it('gives tokens that count: the access token for its session, the refresh token for a next one', async () => {
      const { user, tokens } = signedIn(await here.app.access.login.execute(commandOf()));
      const session = (await here.rows('sessions')).at(-1);
      expect(await here.whoIs(tokens)).to.deep.equal({
        kind: 'user',
        userId: user.id,
        tenantId: user.tenantId,
        sessionId: session?.id,
        role: 'patient',
        amr: ['pwd'],
        authTime: here.clock.now(),
      });
      const { refreshToken } = tokens;
      expect(await here.app.access.refreshToken.execute({ refreshToken })).to.include({ expiresIn: 600 });
    });

    it('keeps the refresh token nowhere as it is', async () => {
      const { tokens } = signedIn(await here.app.access.login.execute(commandOf()));
      const kept = await here.adapters.database.read((tables) => [...tables.refreshTokens.values()]);
      expect(JSON.stringify([kept, await here.rows('sessions'), await here.audited()])).not.to.contain(
        tokens.refreshToken,
      );
    });

    it('gives a session of its own to each device', async () => {
      const first = signedIn(await here.app.access.login.execute(commandOf()));
      const second = signedIn(await here.app.access.login.execute(commandOf()));
      expect((await here.whoIs(first.tokens))?.sessionId).not.to.equal(
        (await here.whoIs(second.tokens))?.sessionId,
      );
    });

    it('gives staff the shorter session', async () => {
      const { tokens } = await here.member('physician');
      expect(tokens.refreshExpiresIn).to.equal(100);
    });

    it('knows the address in whatever case and spelling', async () => {
      const email = ` ${EMAIL.toUpperCase()} `;
      expect(signedIn(await here.app.access.login.execute(commandOf({ email }))).user.email).to.equal(EMAIL);
    });

    it('knows the password in whatever composition it was typed', async () => {
      await here.patient({ email: 'jose@example.org', password: 'contrase\u00f1a de jos\u00e9' });
      const decomposed = commandOf({ email: 'jose@example.org', password: 'contrasen\u0303a de jose\u0301' });
      expect(signedIn(await here.app.access.login.execute(decomposed)).kind).to.equal('signed-in');
    });

    it('takes a password that a policy of today would refuse', async () => {
      const [user] = await here.rows('users');
      const passwordHash = await here.adapters.passwordHasher.hash('short');
      await here.adapters.database.write((tables) => tables.users.set(user!.id, { ...user!, passwordHash }));
      expect(signedIn(await here.app.access.login.execute(commandOf({ password: 'short' }))).kind).to.equal(
        'signed-in',
      );
    });

    it('signs in to the tenant that is named, and to the practice where none is', async () => {
      const clinic = await here.tenant();
      await here.patient({ email: EMAIL, tenant: clinic, password: 'another password' });
      const there = commandOf({ tenant: clinic.slug, password: 'another password' });
      expect(signedIn(await here.app.access.login.execute(there)).user.tenantId).to.equal(clinic.id);
      expect(signedIn(await here.app.access.login.execute(commandOf())).user.tenantId).to.equal(
        DEFAULT_TENANT_ID,
      );
    });
  });

  describe('that is refused', () => {
    /** Every way to be refused, as an attempt in a world where `EMAIL` has an account in the practice only. */
    const attempts: Readonly<Record<string, (world: World) => Promise<LoginCommand>>> = {
      'an unknown address': async () => Promise.resolve(commandOf({ email: 'nobody@example.org' })),
      'a wrong password': async () => Promise.resolve(commandOf({ password: 'another password' })),
      'a disabled account': async ({ app, member }) => {
        const { user } = await member('physician', { email: 'disabled@example.org' });
        const changes = { isActive: false };
        await app.identity.updateUser.execute({ actor: SYSTEM, userId: user.id, changes });
        return commandOf({ email: user.email });
      },
      'an account of another tenant': async ({ tenant }) => commandOf({ tenant: (await tenant()).slug }),
      'an unknown tenant': async () => Promise.resolve(commandOf({ tenant: 'nowhere' })),
      'an account without a password': async ({ adapters, member }) => {
        const { user } = await member('physician', { email: 'invited@example.org' });
        await adapters.database.write((tables) => tables.users.set(user.id, { ...user, passwordHash: null }));
        return commandOf({ email: user.email });
      },
    };

    for (const [what, attempt] of Object.entries(attempts)) {
      it(`answers ${what} like every other refusal, after the same one comparison`, async () => {
        const compared: (string | null)[] = [];
        const listener = world({
          replace: ({ passwordHasher }) => ({ passwordHasher: listening(passwordHasher, compared) }),
        });
        await listener.patient({ email: EMAIL });
        const command = await attempt(listener);
        const [sessions, before] = [await listener.rows('sessions'), compared.length];

        const refusal = await refusalOf(listener.app.access.login.execute(command));
        expect(refusal).to.be.instanceOf(InvalidCredentials);
        expect(refusal.message).to.equal(new InvalidCredentials().message);
        expect(Object.entries(refusal)).to.deep.equal(Object.entries(new InvalidCredentials()));
        expect(compared.length - before).to.equal(1);
        expect(await listener.rows('sessions')).to.deep.equal(sessions);
      });
    }

    it('leaves a line in the trail of the tenant, about the account where there is one', async () => {
      const [user] = await here.rows('users');
      await refusalOf(here.app.access.login.execute(commandOf({ password: 'another password' })));
      expect(await here.audited('access.sign-in-refused')).to.deep.equal([
        {
          id: (await here.audited('access.sign-in-refused'))[0]?.id,
          tenantId: DEFAULT_TENANT_ID,
          actor: { kind: 'anonymous' },
          action: 'access.sign-in-refused',
          subject: { type: 'user', id: user?.id },
          at: here.clock.now(),
          details: {},
        },
      ]);
    });

    it('leaves a line without the address where there is no account', async () => {
      await refusalOf(here.app.access.login.execute(commandOf({ email: 'nobody@example.org' })));
      const [entry] = await here.audited('access.sign-in-refused');
      expect(entry).to.include({ tenantId: DEFAULT_TENANT_ID, subject: null });
      expect(JSON.stringify(entry)).not.to.contain('nobody');
    });

    it('leaves the line in the trail of the practice where there is no such tenant', async () => {
      await refusalOf(here.app.access.login.execute(commandOf({ tenant: 'nowhere' })));
      expect((await here.audited('access.sign-in-refused'))[0]?.tenantId).to.equal(DEFAULT_TENANT_ID);
      const clinic = await here.tenant();
      await refusalOf(here.app.access.login.execute(commandOf({ tenant: clinic.slug })));
      expect((await here.audited('access.sign-in-refused'))[1]?.tenantId).to.equal(clinic.id);
    });

    it('says the same of a text that cannot be a password, before any look-up', async () => {
      const compared: (string | null)[] = [];
      const listener = world({
        replace: (adapters) => ({
          passwordHasher: listening(adapters.passwordHasher, compared),
          accountDirectory: { find: () => Promise.reject(new Error('looked up')) },
        }),
      });
      for (const password of ['x'.repeat(1025), 'pass\0word', 'pass\ud83dword']) {
        expect(await refusalOf(listener.app.access.login.execute(commandOf({ password })))).to.be.instanceOf(
          InvalidCredentials,
        );
      }
      expect(compared).to.deep.equal([]);
    });
  });

  it('says that it cannot answer where too many passwords wait to be hashed, and opens nothing', async () => {
    const passwordHasher = new Argon2PasswordHasher({ memoryKib: 8, passes: 1, threads: 1, maxWaiting: 0 });
    const busy = world({ replace: () => ({ passwordHasher }) });
    await busy.patient({ email: EMAIL });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () => busy.app.access.login.execute(commandOf())),
    );
    const signedIn = outcomes.filter(({ status }) => status === 'fulfilled');
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(signedIn).to.have.length.of.at.least(1);
    expect(refused).to.have.length.of.at.least(1);
    for (const { reason } of refused) expect(reason).to.be.instanceOf(Unavailable);
    expect(await busy.rows('sessions')).to.have.length(1 + signedIn.length);
  });

  for (const [what, change] of [
    ['the password is changed', { passwordHash: 'another' }],
    ['the account is disabled', { isActive: false }],
  ] as const) {
    it(`lets nobody in where ${what} while the password is compared`, async () => {
      const overtaken = world({
        replace: ({ passwordHasher, unitOfWork }) => ({
          passwordHasher: {
            accepts: (hash) => passwordHasher.accepts(hash),
            hash: (password) => passwordHasher.hash(password),
            verify: async (password, hash) => {
              const verdict = await passwordHasher.verify(password, hash);
              await unitOfWork.run(user.tenantId, async ({ users }) => {
                const current = await users.find(user.id);
                if (current?.version === user.version) {
                  await users.save({ ...user, ...change, version: user.version + 1 });
                }
              });
              return verdict;
            },
          },
        }),
      });
      const { user } = await overtaken.patient({ email: EMAIL });
      const before = (await overtaken.rows('sessions')).length;
      expect(await refusalOf(overtaken.app.access.login.execute(commandOf()))).to.be.instanceOf(
        InvalidCredentials,
      );
      expect(await overtaken.rows('sessions')).to.have.length(before);
    });
  }

  it('lets somebody in whose hash was only made anew while his password was compared', async () => {
    const overtaken = world({
      replace: ({ passwordHasher, unitOfWork }) => ({
        passwordHasher: {
          accepts: (hash) => passwordHasher.accepts(hash),
          hash: (password) => passwordHasher.hash(password),
          verify: async (password, hash) => {
            const verdict = await passwordHasher.verify(password, hash);
            const passwordHash = await passwordHasher.hash(PASSWORD);
            await unitOfWork.run(user.tenantId, async ({ users }) => {
              const current = await users.find(user.id);
              if (current?.version === user.version) {
                await users.save({ ...user, passwordHash, version: user.version + 1 });
              }
            });
            return verdict;
          },
        },
      }),
    });
    const { user } = await overtaken.patient({ email: EMAIL });
    expect(signedIn(await overtaken.app.access.login.execute(commandOf())).kind).to.equal('signed-in');
    expect(await overtaken.audited('access.sign-in-refused')).to.deep.equal([]);
  });

  it('gives a role that was given meanwhile its own, shorter sessions', async () => {
    const promoted = world({
      replace: ({ passwordHasher }) => ({
        passwordHasher: {
          accepts: (hash) => passwordHasher.accepts(hash),
          hash: (password) => passwordHasher.hash(password),
          verify: async (password, hash) => {
            const verdict = await passwordHasher.verify(password, hash);
            await promoted.app.identity.updateUser.execute({
              actor: SYSTEM,
              userId: user.id,
              changes: { role: 'admin' },
            });
            return verdict;
          },
        },
      }),
    });
    const { user } = await promoted.patient({ email: EMAIL });
    const { tokens } = signedIn(await promoted.app.access.login.execute(commandOf()));
    expect(tokens.refreshExpiresIn).to.equal(LIFETIMES.staff.idleSeconds);
  });
});
