import { expect } from 'chai';
import type { AccountMail } from '../../../../src/domain/identity/account-mail.ts';
import { NO_CLIENT, PASSWORD } from '../../../support/builders.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const HOUR = 3600;

describe('The mails that strangers can bring about', () => {
  let here: World;

  beforeEach(() => {
    here = world({ settings: { signIn: { emailVerification: 'required', secondFactor: 'nobody' } } });
  });

  const register = (email = EMAIL) =>
    here.app.identity.registerUser.execute({ email, password: PASSWORD, client: NO_CLIENT });
  const forget = (email = EMAIL, tenant?: string) =>
    here.app.identity.requestPasswordReset.execute({ email, tenant });
  const resend = () => here.app.identity.resendVerification.execute({ email: EMAIL });
  const times = async (count: number, act: () => Promise<unknown>): Promise<void> => {
    for (let time = 0; time < count; time += 1) await act();
  };
  const sent = async (kind: AccountMail['kind']) =>
    (await here.deliver()).filter(({ content }) => content.kind === kind).length;
  const verify = async () => {
    const { token } = await here.mailTo(EMAIL, 'verify-email');
    await here.app.identity.verifyEmail.execute({ token });
  };

  it('are ten of a kind to one address in an hour', async () => {
    await register();
    await times(12, forget);
    expect(await sent('reset-password')).to.equal(10);
    here.clock.advance(HOUR);
    expect(await sent('reset-password')).to.equal(0);
    await forget();
    expect(await sent('reset-password')).to.equal(0);
    here.clock.advance(0.001);
    await forget();
    expect(await sent('reset-password')).to.equal(1);
  });

  it('are ten of one kind where several acts bring them about', async () => {
    await times(6, register);
    await times(6, resend);
    await times(3, register);
    expect(await sent('verify-email')).to.equal(10);
  });

  it('are as many where fifty ask at once', async () => {
    await register();
    await Promise.all(Array.from({ length: 50 }, () => forget()));
    expect(await sent('reset-password')).to.equal(10);
  });

  it('leave the last link good, however many more are asked for', async () => {
    await register();
    await times(12, forget);
    const { token } = await here.mailTo(EMAIL, 'reset-password');
    await here.app.identity.resetPassword.execute({ token, newPassword: 'a quite different one' });
  });

  it('of one kind do not use up another', async () => {
    await register();
    await verify();
    await times(12, register);
    expect(await sent('already-registered')).to.equal(10);
    await times(12, resend);
    await forget();
    expect(await sent('reset-password')).to.equal(1);
  });

  it('are not used up by asking in the name of no account, or of no tenant', async () => {
    await times(12, forget);
    await times(12, () => forget(EMAIL, 'nowhere'));
    await register();
    expect(await sent('verify-email')).to.equal(1);
    await forget();
    expect(await sent('reset-password')).to.equal(1);
  });

  it('grow no further for unknown addresses either', async () => {
    await times(12, () => forget('nobody@example.org'));
    expect(await here.rows('outboxEntries')).to.have.length(10);
  });

  it('are counted in each tenant apart', async () => {
    const clinic = await here.tenant();
    await register();
    await here.app.identity.registerUser.execute({
      email: EMAIL,
      password: PASSWORD,
      tenant: clinic.slug,
      client: NO_CLIENT,
    });
    await times(12, forget);
    await here.deliver();
    await forget(EMAIL, clinic.slug);
    expect(await sent('reset-password')).to.equal(1);
  });

  it('do not keep the owner from the mail that a lock brings', async () => {
    await register();
    await verify();
    await times(12, forget);
    await times(10, () =>
      refusalOf(here.app.access.login.execute({ email: EMAIL, password: 'wrong one', client: NO_CLIENT })),
    );
    expect(await sent('account-locked')).to.equal(1);
  });

  it('to the new address of an account are ten as well', async () => {
    here = world();
    const { actor } = await here.patient();
    await times(12, () => here.app.identity.changeEmail.execute({ actor, email: EMAIL }));
    expect(await sent('confirm-email-change')).to.equal(10);
  });
});
