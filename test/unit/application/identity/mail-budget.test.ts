import { expect } from 'chai';
import type { AccountMail } from '../../../../src/domain/identity/account-mail.ts';
import { NO_CLIENT, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const HOUR = 3600;

describe('The mails that strangers can bring about', () => {
  let here: World;

  beforeEach(() => {
    here = world({ settings: { signIn: { emailVerification: 'required', secondFactor: 'nobody' } } });
  });

  const register = () =>
    here.app.identity.registerUser.execute({ email: EMAIL, password: PASSWORD, client: NO_CLIENT });
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

  it('are ten of what is asked for, to one address in an hour', async () => {
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

  it('are ten for each thing that is asked for, which do not use up one another', async () => {
    await times(12, register);
    expect(await sent('verify-email')).to.equal(10);
    await times(12, resend);
    expect(await sent('verify-email')).to.equal(10);
    await verify();
    await times(12, forget);
    expect(await sent('reset-password')).to.equal(10);
  });

  it('count by what is asked for, not by what comes of it', async () => {
    await times(4, register);
    await verify();
    await here.deliver();
    await times(12, register);
    expect(await sent('already-registered')).to.equal(6);
  });

  for (const isolation of ['app', 'unisolatedApp'] as const) {
    it(`are as many where fifty ask at once, for an account or for none (${isolation})`, async () => {
      await register();
      const { requestPasswordReset } = here[isolation].identity;
      for (const email of [EMAIL, 'nobody@example.org']) {
        const before = (await here.rows('outboxEntries')).length;
        await Promise.all(Array.from({ length: 50 }, () => requestPasswordReset.execute({ email })));
        expect((await here.rows('outboxEntries')).length - before).to.equal(10);
      }
      expect(await sent('reset-password')).to.equal(10);
    });
  }

  it('leave the last link good, however many more are asked for', async () => {
    await register();
    await times(12, forget);
    const { token } = await here.mailTo(EMAIL, 'reset-password');
    await here.app.identity.resetPassword.execute({ token, newPassword: 'a quite different one' });
  });

  describe('are used up alike, whatever is behind the address:', () => {
    const createUser = (given: { readonly password?: string } = {}) =>
      here.app.identity.createUser.execute({ actor: SYSTEM, email: EMAIL, role: 'patient', ...given });
    const addresses: Readonly<Record<string, () => Promise<unknown>>> = {
      'no account': () => Promise.resolve(),
      'an account that waits for its confirmation': () => createUser({ password: PASSWORD }),
      'a confirmed account': async () => {
        await createUser({ password: PASSWORD });
        await verify();
      },
      'a disabled account': async () => {
        const { id: userId } = await createUser();
        const changes = { isActive: false };
        await here.app.identity.updateUser.execute({ actor: SYSTEM, userId, changes });
      },
    };

    /** How many entries twelve acts have added to the outbox, and how many to the trail. */
    const addedByTwelve = async (act: () => Promise<unknown>): Promise<readonly number[]> => {
      const [mails, acts] = [await here.rows('outboxEntries'), await here.audited()];
      await times(12, act);
      return [
        (await here.rows('outboxEntries')).length - mails.length,
        (await here.audited()).length - acts.length,
      ];
    };

    for (const [what, arrange] of Object.entries(addresses)) {
      it(what, async () => {
        await arrange();
        for (const act of [forget, resend, register]) {
          expect(await addedByTwelve(() => act())).to.deep.equal([10, 10]);
        }
      });
    }

    it('no account, where fifty register at once', async () => {
      await Promise.all(Array.from({ length: 50 }, () => register()));
      expect(await here.rows('outboxEntries')).to.have.length(10);
      expect(await here.rows('users')).to.have.length(1);
      expect(await addedByTwelve(register)).to.deep.equal([0, 0]);
    });

    it('the new address of an account, with another account behind it or none', async () => {
      here = world();
      const { actor } = await here.patient();
      const holder = await here.patient();
      for (const email of [EMAIL, holder.user.email]) {
        const change = () => here.app.identity.changeEmail.execute({ actor, email });
        expect(await addedByTwelve(change)).to.deep.equal([20, 10]);
      }
    });
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
