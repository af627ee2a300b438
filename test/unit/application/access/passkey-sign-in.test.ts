import { expect } from 'chai';
import type { WebAuthnJson } from '../../../../src/application/ports/security/web-authn.ts';
import { PasskeyRefused, SecondFactorInvalid } from '../../../../src/domain/access/errors.ts';
import { EmailNotVerified } from '../../../../src/domain/identity/errors.ts';
import type { ChallengeId } from '../../../../src/domain/shared/ids.ts';
import { compose } from '../../../../src/main/compose.ts';
import { NO_CLIENT, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import type { TestPasskey } from '../../../support/memory/test-passkey.ts';
import { ofKind } from '../../../support/of-kind.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { registerPasskey } from '../../../support/register-passkey.ts';
import { signedIn } from '../../../support/signed-in.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const ANSWER_SECONDS = 300;

describe('A sign-in by passkey', () => {
  let here: World;
  let person: Member;
  let device: TestPasskey;

  beforeEach(async () => {
    here = world();
    person = await here.patient({ email: EMAIL });
    ({ device } = await registerPasskey(here, person.actor, 'telephone'));
    here.clock.advance(1);
  });

  const begin = (challengeId?: ChallengeId) =>
    here.app.access.beginPasskeyAuthentication.execute({ challengeId });
  const finish = (response: WebAuthnJson) =>
    here.app.access.signInWithPasskey.execute({ response, client: NO_CLIENT });
  const signIn = async (passkey = device, challengeId?: ChallengeId) =>
    finish(passkey.get(await begin(challengeId)));
  const login = () => here.app.access.login.execute({ email: EMAIL, password: PASSWORD, client: NO_CLIENT });
  const challenge = async () => ofKind(await login(), 'second-factor-required').challengeId;
  const amrOf = async (outcome: Awaited<ReturnType<typeof finish>>) =>
    (await here.whoIs(signedIn(outcome).tokens))?.amr;

  describe('without a name', () => {
    it('counts as two factors, since the device made sure of its owner', async () => {
      const options = await begin();
      expect(options).to.deep.include({ allowCredentials: [], userVerification: 'required' });
      const outcome = await finish(device.get(options));
      expect(signedIn(outcome).user.id).to.equal(person.user.id);
      expect(await amrOf(outcome)).to.deep.equal(['swk', 'user', 'mfa']);
      const [passkey] = await here.rows('passkeys');
      expect(passkey).to.deep.include({ counter: 1, lastUsedAt: here.clock.now() });
      expect((await here.audited('access.signed-in')).at(-1)?.details).to.deep.equal({ amr: 'swk user mfa' });
    });

    it('is refused where the device did not make sure of its owner', async () => {
      const { device: lax } = await registerPasskey(here, person.actor, 'lax', { userVerified: false });
      expect(await refusalOf(signIn(lax))).to.be.instanceOf(PasskeyRefused);
      expect((await here.audited('access.passkey-refused'))[0]).to.deep.include({
        actor: { kind: 'anonymous' },
        subject: { type: 'user', id: person.user.id },
      });
    });

    it('lets somebody in whose account is locked, and leaves the lock', async () => {
      const attempt = { email: EMAIL, password: 'wrong one', client: NO_CLIENT };
      for (let time = 0; time < 10; time += 1) await refusalOf(here.app.access.login.execute(attempt));
      expect((await signIn()).kind).to.equal('signed-in');
      expect(await refusalOf(login())).to.have.property('code', 'request.rate-limited');
    });

    it('lets staff in who must have a second factor', async () => {
      here = world({ settings: { signIn: { emailVerification: 'optional', secondFactor: 'staff' } } });
      const made = { actor: SYSTEM, email: EMAIL, role: 'physician', password: PASSWORD } as const;
      await here.app.identity.createUser.execute(made);
      const { enrolmentToken: token } = ofKind(await login(), 'second-factor-enrolment-required');
      const actor = await here.app.access.authenticateEnrolment.execute({ token });
      const { device: theirs } = await registerPasskey(here, actor!, 'doctor');
      expect((await signIn(theirs)).kind).to.equal('signed-in');
    });

    it('lets nobody in whose address has to be confirmed first', async () => {
      const settings = { ...here.adapters.settings };
      const rule = { emailVerification: 'required', secondFactor: 'nobody' } as const;
      const { access } = compose({ ...here.adapters, settings: { ...settings, signIn: rule } });
      const act = access.signInWithPasskey.execute({
        response: device.get(await begin()),
        client: NO_CLIENT,
      });
      expect(await refusalOf(act)).to.be.instanceOf(EmailNotVerified);
    });

    it('finds the account in whichever tenant it is', async () => {
      const clinic = await here.tenant();
      const there = await here.patient({ email: EMAIL, tenant: clinic });
      const { device: theirs } = await registerPasskey(here, there.actor, 'there');
      const { user, tokens } = signedIn(await signIn(theirs));
      expect(user.id).to.equal(there.user.id);
      expect((await here.whoIs(tokens))?.tenantId).to.equal(clinic.id);
    });
  });

  describe('as a second factor', () => {
    it('completes the sign-in that it was asked for, and ends it', async () => {
      const id = await challenge();
      const options = await begin(id);
      expect(options).to.deep.include({ userVerification: 'preferred' });
      expect(options['allowCredentials']).to.have.length(1);
      const outcome = await finish(device.get(options));
      expect(await amrOf(outcome)).to.deep.equal(['pwd', 'swk', 'user', 'mfa']);
      expect(await here.rows('failureCounters')).to.deep.equal([]);
      expect(await refusalOf(begin(id))).to.be.instanceOf(SecondFactorInvalid);
    });

    it('needs no more than the presence of somebody, the password being the other factor', async () => {
      const { device: lax } = await registerPasskey(here, person.actor, 'lax', { userVerified: false });
      expect(await amrOf(await signIn(lax, await challenge()))).to.deep.equal(['pwd', 'swk', 'mfa']);
    });

    it('is refused where another account’s passkey answers', async () => {
      const other = await here.patient();
      const { device: theirs } = await registerPasskey(here, other.actor, 'theirs');
      const id = await challenge();
      expect(await refusalOf(signIn(theirs, id))).to.be.instanceOf(PasskeyRefused);
      expect((await signIn(device, id)).kind).to.equal('signed-in');
    });

    it('cannot be asked for where the sign-in does not wait, or the account has no passkey', async () => {
      const unknown = begin('01900000-0000-7000-8000-00000000ffff');
      expect(await refusalOf(unknown)).to.be.instanceOf(SecondFactorInvalid);
      const id = await challenge();
      here.clock.advance(ANSWER_SECONDS);
      expect(await refusalOf(begin(id))).to.be.instanceOf(SecondFactorInvalid);
      const other = await here.patient({ email: 'other@example.org' });
      await enrolTotp(here, other.actor);
      const attempt = { email: 'other@example.org', password: PASSWORD, client: NO_CLIENT };
      const outcome = ofKind(await here.app.access.login.execute(attempt), 'second-factor-required');
      expect(outcome.methods).not.to.include('passkey');
      expect(await refusalOf(begin(outcome.challengeId))).to.be.instanceOf(SecondFactorInvalid);
    });

    it('is refused for a sign-in that was completed meanwhile', async () => {
      const id = await challenge();
      const [one, two] = [await begin(id), await begin(id)];
      await finish(device.get(one));
      expect(await refusalOf(finish(device.get(two)))).to.be.instanceOf(PasskeyRefused);
    });

    it('is refused where the password is changed meanwhile', async () => {
      const options = await begin(await challenge());
      const command = { currentPassword: PASSWORD, newPassword: 'a quite different one' };
      await here.app.identity.changePassword.execute({ actor: person.actor, ...command });
      expect(await refusalOf(finish(device.get(options)))).to.be.instanceOf(PasskeyRefused);
      expect((await signIn()).kind).to.equal('signed-in');
    });
  });

  it('takes an answer once, of twenty at once', async () => {
    const response = device.get(await begin());
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => finish(response)));
    expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
  });

  it('takes an answer within five minutes and not a moment longer', async () => {
    const [late, timely] = [await begin(), await begin()];
    here.clock.advance(ANSWER_SECONDS);
    expect(await refusalOf(finish(device.get(late)))).to.be.instanceOf(PasskeyRefused);
    here.clock.advance(-0.001);
    expect((await finish(device.get(timely))).kind).to.equal('signed-in');
  });

  it('refuses the copy of a passkey by its counter, whichever of both is behind', async () => {
    const copy = device.clone();
    await signIn();
    expect(await refusalOf(signIn(copy))).to.be.instanceOf(PasskeyRefused);
    expect(await here.audited('access.passkey-refused')).to.have.length(1);
    await signIn();
  });

  it('does not mind a passkey that counts nothing', async () => {
    const { device: plain } = await registerPasskey(here, person.actor, 'plain', { counts: false });
    await signIn(plain);
    expect((await signIn(plain)).kind).to.equal('signed-in');
  });

  it('refuses one that nobody has registered, that was removed, and what is no answer', async () => {
    const { passkey, device: former } = await registerPasskey(here, person.actor, 'former');
    await here.app.access.removePasskey.execute({ actor: person.actor, passkeyId: passkey.id });
    expect(await refusalOf(signIn(former))).to.be.instanceOf(PasskeyRefused);
    const answer = device.get(await begin());
    for (const response of [{}, { id: 'x' }, { ...answer, id: 'x' }, { ...answer, response: {} }]) {
      expect(await refusalOf(finish(response))).to.be.instanceOf(PasskeyRefused);
    }
    const invented = device.get({ challenge: 'x'.repeat(43) });
    expect(await refusalOf(finish(invented))).to.be.instanceOf(PasskeyRefused);
  });

  it('refuses an answer that was changed', async () => {
    const answer = device.get(await begin());
    const response = { ...(answer['response'] as object), signature: 'x' };
    expect(await refusalOf(finish({ ...answer, response }))).to.be.instanceOf(PasskeyRefused);
  });

  it('does not take the challenge of a registration', async () => {
    const options = await here.app.access.beginPasskeyRegistration.execute({ actor: person.actor });
    expect(await refusalOf(finish(device.get(options)))).to.be.instanceOf(PasskeyRefused);
  });

  it('lets nobody into a disabled account', async () => {
    const changes = { isActive: false };
    await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: person.user.id, changes });
    expect(await refusalOf(signIn())).to.be.instanceOf(PasskeyRefused);
  });

  it('opens nothing where the account is changed at the last moment', async () => {
    const { tokenSigner } = here.adapters;
    const overtaken = compose({
      ...here.adapters,
      tokenSigner: {
        sign: async (claims, now) => {
          const command = { actor: SYSTEM, userId: person.user.id, changes: { role: 'admin' } } as const;
          await here.app.identity.updateUser.execute(command);
          return tokenSigner.sign(claims, now);
        },
      },
    });
    const sessions = (await here.rows('sessions')).length;
    const response = device.get(await begin());
    const act = overtaken.access.signInWithPasskey.execute({ response, client: NO_CLIENT });
    expect(await refusalOf(act)).to.be.instanceOf(PasskeyRefused);
    expect(await here.rows('sessions')).to.have.length(sessions);
  });
});
