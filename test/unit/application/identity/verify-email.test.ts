import { expect } from 'chai';
import { TokenInvalid } from '../../../../src/domain/access/errors.ts';
import { NO_CLIENT, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const DAY = 86_400;

describe('A mailed link that confirms an address', () => {
  let here: World;
  let first: string;

  beforeEach(async () => {
    here = world({ settings: { signIn: { emailVerification: 'required', secondFactor: 'nobody' } } });
    await here.app.identity.registerUser.execute({ email: EMAIL, password: PASSWORD, client: NO_CLIENT });
    first = (await here.mailTo(EMAIL, 'verify-email')).token;
  });

  const verify = (token: string) => here.app.identity.verifyEmail.execute({ token });
  const resend = (email = EMAIL, tenant?: string) =>
    here.app.identity.resendVerification.execute({ email, tenant });
  const user = async () => (await here.rows('users'))[0]!;

  it('confirms it once, with a line in the trail', async () => {
    here.clock.advance(5);
    await verify(first);
    const { id, tenantId, ...rest } = await user();
    expect(rest).to.deep.include({
      emailVerifiedAt: here.clock.now(),
      registrationPending: false,
      version: 2,
      updatedAt: here.clock.now(),
    });
    const [entry, ...others] = await here.audited('identity.email-verified');
    expect(others).to.deep.equal([]);
    expect(entry).to.deep.include({ tenantId, actor: { kind: 'anonymous' }, subject: { type: 'user', id } });
    expect(await refusalOf(verify(first))).to.be.instanceOf(TokenInvalid);
  });

  it('is spent by one of twenty who press its button at once', async () => {
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => verify(first)));
    const refused = all.filter((outcome) => outcome.status === 'rejected');
    expect(refused).to.have.length(19);
    for (const { reason } of refused) expect(reason).to.be.instanceOf(TokenInvalid);
    expect(await here.audited('identity.email-verified')).to.have.length(1);
  });

  it('counts for a day and not a moment longer', async () => {
    here.clock.advance(DAY);
    expect(await refusalOf(verify(first))).to.be.instanceOf(TokenInvalid);
    here.clock.advance(-0.001);
    await verify(first);
  });

  it('stops counting with a newer one', async () => {
    await resend();
    const { token } = await here.mailTo(EMAIL, 'verify-email');
    expect(token).not.to.equal(first);
    expect(await refusalOf(verify(first))).to.be.instanceOf(TokenInvalid);
    await verify(token);
  });

  it('is none for what is no token', async () => {
    for (const token of ['', 'x', first.slice(1), `${first}=`, first.toUpperCase()]) {
      expect(await refusalOf(verify(token))).to.be.instanceOf(TokenInvalid);
    }
    expect((await user()).emailVerifiedAt).to.equal(null);
  });

  it('is none of a link that resets a password', async () => {
    await here.app.identity.requestPasswordReset.execute({ email: EMAIL });
    const { token } = await here.mailTo(EMAIL, 'reset-password');
    expect(await refusalOf(verify(token))).to.be.instanceOf(TokenInvalid);
    const reset = here.app.identity.resetPassword.execute({ token: first, newPassword: PASSWORD });
    expect(await refusalOf(reset)).to.be.instanceOf(TokenInvalid);
    await verify(first);
  });

  it('does nothing for an account that was disabled meanwhile', async () => {
    const { id } = await user();
    await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: id, changes: { isActive: false } });
    expect(await refusalOf(verify(first))).to.be.instanceOf(TokenInvalid);
    expect((await user()).emailVerifiedAt).to.equal(null);
  });

  it('is not spent where the confirmation cannot be audited', async () => {
    const fault = await faultOf(here.unauditedApp.identity.verifyEmail.execute({ token: first }));
    expect(fault).to.have.property('message', AUDIT_FAULT);
    expect((await user()).emailVerifiedAt).to.equal(null);
    await verify(first);
  });

  describe('sent again', () => {
    it('goes to whoever has not confirmed his address, and to nobody else', async () => {
      await resend(' Person@Example.org');
      expect((await here.deliver()).map(({ to }) => to)).to.deep.equal([EMAIL]);
      await verify((await here.mailTo(EMAIL, 'verify-email')).token);
      for (const [email, tenant] of [
        [EMAIL, undefined],
        ['nobody@example.org', undefined],
        [EMAIL, 'nowhere'],
        ['no address', undefined],
      ] as const) {
        await resend(email, tenant);
        expect(await here.deliver()).to.deep.equal([]);
      }
      expect(await here.rows('oneTimeTokens')).to.deep.equal([]);
    });

    it('leaves as much behind whoever asks: one entry in the outbox, one in the trail', async () => {
      for (const [email, tenant] of [
        [EMAIL, undefined],
        ['nobody@example.org', undefined],
        [EMAIL, 'nowhere'],
      ] as const) {
        const [mails, acts] = [await here.rows('outboxEntries'), await here.audited()];
        await resend(email, tenant);
        expect((await here.rows('outboxEntries')).length - mails.length).to.equal(1);
        const added = (await here.audited()).slice(acts.length);
        expect(added.map(({ action }) => action)).to.deep.equal(['identity.verification-requested']);
        expect(JSON.stringify(added)).not.to.contain(email);
      }
    });

    it('goes to nobody of a disabled account', async () => {
      const { id } = await user();
      await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: id, changes: { isActive: false } });
      await resend();
      expect(await here.deliver()).to.deep.equal([]);
    });

    it('goes to the account of the tenant that was named', async () => {
      const clinic = await here.tenant();
      const there = { email: EMAIL, password: PASSWORD, tenant: clinic.slug, client: NO_CLIENT };
      await here.app.identity.registerUser.execute(there);
      await here.deliver();
      await resend(EMAIL, clinic.slug);
      await verify((await here.mailTo(EMAIL, 'verify-email')).token);
      const confirmed = (await here.rows('users')).filter(({ emailVerifiedAt }) => emailVerifiedAt !== null);
      expect(confirmed.map(({ tenantId }) => tenantId)).to.deep.equal([clinic.id]);
      await verify(first);
    });
  });
});
