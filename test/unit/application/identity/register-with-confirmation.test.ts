import { expect } from 'chai';
import type { RegisterUserCommand } from '../../../../src/application/identity/register-user.ts';
import { InvalidCredentials, TokenInvalid } from '../../../../src/domain/access/errors.ts';
import { EmailNotVerified, PasswordRejected } from '../../../../src/domain/identity/errors.ts';
import { NO_CLIENT, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { signedIn } from '../../../support/signed-in.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const OTHER_PASSWORD = 'a quite different one';
const SENT = { kind: 'verification-sent' };

const commandOf = (given: Partial<RegisterUserCommand> = {}): RegisterUserCommand => ({
  email: EMAIL,
  password: PASSWORD,
  client: NO_CLIENT,
  ...given,
});

describe('RegisterUser where addresses have to be confirmed', () => {
  let here: World;

  beforeEach(() => {
    here = world({ settings: { signIn: { emailVerification: 'required', secondFactor: 'nobody' } } });
  });

  const register = (given: Partial<RegisterUserCommand> = {}) =>
    here.app.identity.registerUser.execute(commandOf(given));
  const verify = (token: string) => here.app.identity.verifyEmail.execute({ token });
  const login = (password = PASSWORD) =>
    here.app.access.login.execute({ email: EMAIL, password, client: NO_CLIENT });
  const userOf = async (email = EMAIL) => (await here.rows('users')).find((user) => user.email === email);
  const kindsSent = async () => (await here.deliver()).map(({ content }) => content.kind);

  it('keeps an account that waits, and mails its owner a link in his language', async () => {
    expect(await register({ language: 'he' })).to.deep.equal(SENT);
    expect(await userOf()).to.include({ registrationPending: true, emailVerifiedAt: null, isActive: true });
    expect(await here.rows('sessions')).to.deep.equal([]);
    const [mail, ...others] = await here.deliver();
    expect(others).to.deep.equal([]);
    expect(mail).to.deep.include({ to: EMAIL, language: 'he' });
    expect(mail?.content).to.have.property('kind', 'verify-email');
    expect(mail?.content)
      .to.have.property('token')
      .that.matches(/^[A-Za-z0-9_-]{43}$/);
    expect((await here.audited()).map(({ action }) => action)).to.deep.equal(['identity.registered']);
  });

  it('keeps the token nowhere as it is', async () => {
    await register();
    const stored = [await here.rows('oneTimeTokens'), await here.rows('outboxEntries'), await here.audited()];
    const { token } = await here.mailTo(EMAIL, 'verify-email');
    expect(JSON.stringify(stored)).not.to.contain(token);
    expect((await here.rows('outboxEntries')).map(({ payload }) => payload)).to.deep.equal([null]);
  });

  it('lets nobody in before the address is confirmed, and says so for the right password only', async () => {
    await register();
    expect(await refusalOf(login())).to.be.instanceOf(EmailNotVerified);
    expect(await refusalOf(login(OTHER_PASSWORD))).to.be.instanceOf(InvalidCredentials);
    await verify((await here.mailTo(EMAIL, 'verify-email')).token);
    expect(signedIn(await login()).user).to.include({ email: EMAIL, registrationPending: false });
  });

  it('does not count the right password before the confirmation as a failure', async () => {
    await register();
    for (let time = 0; time < 12; time += 1) {
      expect(await refusalOf(login())).to.be.instanceOf(EmailNotVerified);
    }
    expect(await here.audited('access.locked')).to.deep.equal([]);
  });

  it('answers alike for an address that is known, and tells its owner by mail', async () => {
    await register();
    await verify((await here.mailTo(EMAIL, 'verify-email')).token);
    const before = await userOf();
    expect(await register({ password: OTHER_PASSWORD, email: EMAIL.toUpperCase() })).to.deep.equal(SENT);
    expect(await userOf()).to.deep.equal(before);
    expect(await here.rows('oneTimeTokens')).to.deep.equal([]);
    expect(await kindsSent()).to.deep.equal(['already-registered']);
    expect((await here.audited()).at(-1)).to.deep.include({
      action: 'identity.registration-repeated',
      subject: { type: 'user', id: before?.id },
    });
    expect(signedIn(await login()).user.id).to.equal(before?.id);
  });

  it('leaves as much behind for each kind of address: one entry in the outbox, one in the trail', async () => {
    const made = { actor: SYSTEM, role: 'physician', email: 'disabled@example.org' } as const;
    const disabled = await here.app.identity.createUser.execute(made);
    await here.deliver();
    await here.app.identity.updateUser.execute({
      actor: SYSTEM,
      userId: disabled.id,
      changes: { isActive: false },
    });
    await register({ email: 'verified@example.org' });
    await verify((await here.mailTo('verified@example.org', 'verify-email')).token);
    await register({ email: 'pending@example.org' });
    for (const email of ['verified@example.org', 'pending@example.org', disabled.email, EMAIL]) {
      const [mails, acts] = [await here.rows('outboxEntries'), await here.audited()];
      expect(await register({ email, password: OTHER_PASSWORD })).to.deep.equal(SENT);
      expect((await here.rows('outboxEntries')).length - mails.length).to.equal(1);
      expect((await here.audited()).length - acts.length).to.equal(1);
    }
    expect((await here.deliver()).map(({ to }) => to)).not.to.include(disabled.email);
  });

  it('refuses a password by the policy, whether the address is known or not', async () => {
    await register();
    for (const email of [EMAIL, 'nobody@example.org']) {
      expect(await refusalOf(register({ email, password: 'short' }))).to.be.instanceOf(PasswordRejected);
    }
  });

  it('lets a newer registration take the place of one that nobody confirmed', async () => {
    await register();
    const { token: former } = await here.mailTo(EMAIL, 'verify-email');
    await register({ password: OTHER_PASSWORD, language: 'ru' });
    const { token } = await here.mailTo(EMAIL, 'verify-email');
    expect(await refusalOf(verify(former))).to.be.instanceOf(TokenInvalid);
    await verify(token);
    expect(await refusalOf(login())).to.be.instanceOf(InvalidCredentials);
    expect(signedIn(await login(OTHER_PASSWORD)).user).to.include({ language: 'ru' });
    expect(await here.rows('users')).to.have.length(1);
  });

  it('leaves the password of an account alone that an admin made and nobody confirmed', async () => {
    const made = { actor: SYSTEM, email: EMAIL, role: 'patient', password: PASSWORD } as const;
    const { id } = await here.app.identity.createUser.execute(made);
    await register({ password: OTHER_PASSWORD });
    await verify((await here.mailTo(EMAIL, 'verify-email')).token);
    expect(await refusalOf(login(OTHER_PASSWORD))).to.be.instanceOf(InvalidCredentials);
    expect(signedIn(await login()).user.id).to.equal(id);
  });

  it('gives no password to an account whose owner was invited', async () => {
    const { id } = await here.app.identity.createUser.execute({
      actor: SYSTEM,
      email: EMAIL,
      role: 'physician',
    });
    await register({ password: OTHER_PASSWORD });
    expect(await userOf()).to.include({ id, passwordHash: null, role: 'physician' });
  });

  it('makes one account and sends one mail for twenty registrations at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => register()));
    for (const outcome of all) expect(outcome).to.deep.equal(SENT);
    expect(await here.rows('users')).to.have.length(1);
    expect(await kindsSent()).to.deep.equal(['verify-email']);
    expect(await here.audited()).to.have.length(1);
    await verify((await here.mailTo(EMAIL, 'verify-email')).token);
    expect((await login()).kind).to.equal('signed-in');
  });

  for (const isolation of ['app', 'unisolatedApp'] as const) {
    it(`lets a confirmation and a newer registration at once end in one of both, never in a mixture (${isolation})`, async () => {
      const { identity } = here[isolation];
      await register();
      const { token } = await here.mailTo(EMAIL, 'verify-email');
      const [verified, again] = await Promise.allSettled([
        identity.verifyEmail.execute({ token }),
        identity.registerUser.execute(commandOf({ password: OTHER_PASSWORD })),
      ]);
      expect(again.status).to.equal('fulfilled');
      const user = await userOf();
      const isFirst = verified.status === 'fulfilled';
      expect(user?.emailVerifiedAt !== null).to.equal(isFirst);
      if (!isFirst) await verify((await here.mailTo(EMAIL, 'verify-email')).token);
      expect((await login(isFirst ? PASSWORD : OTHER_PASSWORD)).kind).to.equal('signed-in');
    });
  }

  it('knows an address in each tenant apart', async () => {
    const clinic = await here.tenant();
    await register();
    await register({ tenant: clinic.slug, password: OTHER_PASSWORD });
    const mails = await here.deliver();
    expect(mails.map(({ content }) => content.kind)).to.deep.equal(['verify-email', 'verify-email']);
    const users = await here.rows('users');
    await verify((await here.mailTo(EMAIL, 'verify-email')).token);
    const confirmed = (await here.rows('users')).filter(({ emailVerifiedAt }) => emailVerifiedAt !== null);
    expect(confirmed.map(({ tenantId }) => tenantId)).to.deep.equal([clinic.id]);
    expect(users.map(({ email }) => email)).to.deep.equal([EMAIL, EMAIL]);
  });

  it('keeps nothing of a registration that cannot be audited', async () => {
    const fault = await faultOf(here.unauditedApp.identity.registerUser.execute(commandOf()));
    expect(fault).to.have.property('message', AUDIT_FAULT);
    for (const table of ['users', 'oneTimeTokens', 'outboxEntries'] as const) {
      expect(await here.rows(table)).to.deep.equal([]);
    }
  });
});

describe('RegisterUser in a tenant where everybody needs a second factor', () => {
  it('makes the account, and lets nobody in before one is enrolled', async () => {
    const here = world();
    const clinic = await here.tenant({ mfaRequired: true });
    const outcome = await here.app.identity.registerUser.execute(commandOf({ tenant: clinic.slug }));
    expect(outcome).to.have.property('kind', 'second-factor-enrolment-required');
    expect(outcome)
      .to.have.property('enrolmentToken')
      .that.matches(/^[A-Za-z0-9_-]{43}$/);
    expect(await here.rows('users')).to.have.length(1);
    expect(await here.rows('sessions')).to.deep.equal([]);
    expect((await here.audited('identity.registered')).map(({ tenantId }) => tenantId)).to.deep.equal([
      clinic.id,
    ]);
  });
});
