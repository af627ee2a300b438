import { expect } from 'chai';
import { InvalidCredentials, TokenInvalid } from '../../../../src/domain/access/errors.ts';
import { EmailTaken, PasswordRejected } from '../../../../src/domain/identity/errors.ts';
import type { Role } from '../../../../src/domain/identity/user.ts';
import { NO_CLIENT, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { signedIn } from '../../../support/signed-in.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'doctor@example.org';
const WEEK = 7 * 86_400;

describe('An account that an admin makes', () => {
  let here: World;

  beforeEach(() => {
    here = world({ settings: { signIn: { emailVerification: 'required', secondFactor: 'nobody' } } });
  });

  const make = (given: { password?: string; language?: string; role?: Role } = {}) =>
    here.app.identity.createUser.execute({ actor: SYSTEM, email: EMAIL, role: 'physician', ...given });
  const accept = (token: string, newPassword = PASSWORD) =>
    here.app.identity.resetPassword.execute({ token, newPassword });
  const login = () => here.app.access.login.execute({ email: EMAIL, password: PASSWORD, client: NO_CLIENT });
  const invited = async () => {
    await make();
    return (await here.mailTo(EMAIL, 'invitation')).token;
  };

  describe('without a password', () => {
    it('has none, and its owner is invited to choose one, in his language', async () => {
      const user = await make({ language: 'ru' });
      expect(user).to.include({ passwordHash: null, emailVerifiedAt: null, registrationPending: false });
      const [mail, ...others] = await here.deliver();
      expect(others).to.deep.equal([]);
      expect(mail).to.deep.include({ to: EMAIL, language: 'ru' });
      expect(mail?.content.kind).to.equal('invitation');
      const [entry] = await here.audited('identity.user-created');
      expect(entry?.details).to.deep.equal({ role: 'physician', invited: true });
      expect(await refusalOf(login())).to.be.instanceOf(InvalidCredentials);
    });

    it('is open once the invitation is accepted, its address confirmed by that', async () => {
      await accept(await invited());
      const { user } = signedIn(await login());
      expect(user).to.include({ email: EMAIL, role: 'physician' });
      expect(user.emailVerifiedAt).to.deep.equal(here.clock.now());
      expect(await here.audited('identity.invitation-accepted')).to.have.length(1);
      expect(await here.deliver()).to.deep.equal([]);
    });

    it('takes the place of a registration that nobody has confirmed, whose link and password count no more', async () => {
      const stranger = 'a password of a stranger';
      await here.app.identity.registerUser.execute({ email: EMAIL, password: stranger, client: NO_CLIENT });
      const { token } = await here.mailTo(EMAIL, 'verify-email');
      expect(await make()).to.include({ role: 'physician', passwordHash: null, registrationPending: false });
      expect(await here.rows('users')).to.have.length(1);
      expect(await refusalOf(here.app.identity.verifyEmail.execute({ token }))).to.be.instanceOf(
        TokenInvalid,
      );
      await accept((await here.mailTo(EMAIL, 'invitation')).token);
      expect(signedIn(await login()).user.role).to.equal('physician');
    });

    it('is opened by one of twenty who accept at once, and never again', async () => {
      const token = await invited();
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => accept(token)));
      expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect(await refusalOf(accept(token))).to.be.instanceOf(TokenInvalid);
    });

    it('waits a week for its owner and not a moment longer', async () => {
      const token = await invited();
      here.clock.advance(WEEK);
      expect(await refusalOf(accept(token))).to.be.instanceOf(TokenInvalid);
      here.clock.advance(-0.001);
      await accept(token);
    });

    it('can be opened by a reset as well, which ends the invitation', async () => {
      const token = await invited();
      await here.app.identity.requestPasswordReset.execute({ email: EMAIL });
      await accept((await here.mailTo(EMAIL, 'reset-password')).token);
      expect(await refusalOf(accept(token, 'a quite different one'))).to.be.instanceOf(TokenInvalid);
      expect((await login()).kind).to.equal('signed-in');
    });

    it('asks its owner for a password of the policy, and waits on', async () => {
      const token = await invited();
      expect(await refusalOf(accept(token, 'short'))).to.be.instanceOf(PasswordRejected);
      await accept(token);
    });

    it('does not take the link of the invitation for one that confirms an address', async () => {
      const token = await invited();
      expect(await refusalOf(here.app.identity.verifyEmail.execute({ token }))).to.be.instanceOf(
        TokenInvalid,
      );
    });
  });

  describe('with a password', () => {
    it('has its owner confirm his address', async () => {
      await make({ password: PASSWORD });
      const { token } = await here.mailTo(EMAIL, 'verify-email');
      await here.app.identity.verifyEmail.execute({ token });
      expect((await login()).kind).to.equal('signed-in');
    });

    it('sends no mail where addresses need no confirmation', async () => {
      here = world();
      await make({ password: PASSWORD });
      expect(await here.rows('outboxEntries')).to.deep.equal([]);
      expect((await login()).kind).to.equal('signed-in');
    });
  });

  it('is refused for an address that is taken, and nobody gets a mail', async () => {
    await make({ password: PASSWORD });
    const before = await here.rows('outboxEntries');
    expect(await refusalOf(make())).to.be.instanceOf(EmailTaken);
    expect(await here.rows('outboxEntries')).to.deep.equal(before);
  });
});
