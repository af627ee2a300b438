import { expect } from 'chai';
import { Unauthenticated } from '../../../../src/domain/access/errors.ts';
import type { EnrollingActor } from '../../../../src/domain/access/actor.ts';
import { compose } from '../../../../src/main/compose.ts';
import { newPasskey } from '../../../contracts/stores/access-fixtures.ts';
import { aUserActor, NO_CLIENT, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { ofKind } from '../../../support/of-kind.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { registerPasskey } from '../../../support/register-passkey.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'doctor@example.org';
const LIFE_SECONDS = 900;

describe('Somebody who must have a second factor and has none', () => {
  let here: World;

  beforeEach(async () => {
    here = world({ settings: { signIn: { emailVerification: 'optional', secondFactor: 'staff' } } });
    const made = { actor: SYSTEM, email: EMAIL, role: 'physician', password: PASSWORD } as const;
    await here.app.identity.createUser.execute(made);
  });

  const login = () => here.app.access.login.execute({ email: EMAIL, password: PASSWORD, client: NO_CLIENT });
  const token = async () => ofKind(await login(), 'second-factor-enrolment-required').enrolmentToken;
  const whoIs = (presented: string) => here.app.access.authenticateEnrolment.execute({ token: presented });
  const enrolling = async (presented?: string): Promise<EnrollingActor> => {
    const actor = await whoIs(presented ?? (await token()));
    if (!actor) throw new Error('The enrolment token does not count.');
    return actor;
  };
  const user = async () => (await here.rows('users')).find(({ email }) => email === EMAIL)!;

  it('gets a token instead of a session, which tells who he is', async () => {
    const outcome = await login();
    expect(Object.keys(outcome)).to.have.members(['kind', 'enrolmentToken']);
    const presented = ofKind(outcome, 'second-factor-enrolment-required').enrolmentToken;
    expect(presented).to.match(/^[A-Za-z0-9_-]{43}$/);
    const { id: userId, tenantId } = await user();
    expect(await whoIs(presented)).to.deep.include({ kind: 'enrolling', userId, tenantId });
    expect(await here.rows('sessions')).to.deep.equal([]);
    expect(JSON.stringify(await here.rows('oneTimeTokens'))).not.to.contain(presented);
  });

  it('is a patient too, where the tenant says so, and nobody else there', async () => {
    expect((await here.patient()).tokens.expiresIn).to.equal(600);
    const clinic = await here.tenant({ mfaRequired: true });
    const attempt = { email: EMAIL, password: PASSWORD, tenant: clinic.slug, client: NO_CLIENT };
    await here.app.identity.registerUser.execute(attempt);
    expect((await here.app.access.login.execute(attempt)).kind).to.equal('second-factor-enrolment-required');
  });

  it('can do nothing else with it', async () => {
    const presented = await token();
    const actor = await enrolling(presented);
    const { access, identity, cases } = here.app;
    expect(await access.authenticate.execute({ token: presented })).to.equal(null);
    for (const act of [
      () => identity.getProfile.execute({ actor }),
      () => identity.changeEmail.execute({ actor, email: 'other@example.org' }),
      () => identity.changePassword.execute({ actor, currentPassword: PASSWORD, newPassword: PASSWORD }),
      () => identity.listUsers.execute({ actor, page: { limit: 1, after: null } }),
      () => access.listSessions.execute({ actor, page: { limit: 1, after: null } }),
      () => access.listPasskeys.execute({ actor }),
      () => access.removeTotp.execute({ actor }),
      () => access.stepUp.execute({ actor, proof: { password: PASSWORD } }),
      () =>
        cases.listCases.execute({
          actor,
          filter: { state: null, language: null, source: null },
          page: { limit: 1, after: null },
        }),
    ]) {
      expect(await refusalOf(act())).to.be.instanceOf(Unauthenticated);
    }
    for (const act of [
      () => identity.verifyEmail.execute({ token: presented }),
      () => identity.resetPassword.execute({ token: presented, newPassword: 'a quite different one' }),
      () => access.unlockAccount.execute({ token: presented }),
      () => access.cancelMfaReset.execute({ token: presented }),
    ]) {
      expect(await refusalOf(act())).to.have.property('code', 'access.token-invalid');
    }
  });

  it('enrols an app with it, which spends it, and signs in with both factors then', async () => {
    const presented = await token();
    const { code, recoveryCodes } = await enrolTotp(here, await enrolling(presented));
    expect(recoveryCodes).to.have.length(10);
    expect(await whoIs(presented)).to.equal(null);
    expect(await here.rows('sessions')).to.deep.equal([]);
    const { challengeId } = ofKind(await login(), 'second-factor-required');
    const answer = { challengeId, answer: { code: code() }, client: NO_CLIENT };
    const { tokens } = await here.app.access.answerChallenge.execute(answer);
    expect((await here.whoIs(tokens))?.amr).to.deep.equal(['pwd', 'otp', 'mfa']);
  });

  it('enrols a passkey with it just as well', async () => {
    const presented = await token();
    const { recoveryCodes } = await registerPasskey(here, await enrolling(presented), 'telephone');
    expect(recoveryCodes).to.have.length(10);
    expect(await whoIs(presented)).to.equal(null);
    expect(ofKind(await login(), 'second-factor-required').methods).to.deep.equal([
      'passkey',
      'recovery-code',
    ]);
  });

  it('enrols one factor with it, of several at once', async () => {
    const actor = await enrolling();
    const { app, adapters, clock } = here;
    const { secret } = await app.access.beginTotpEnrolment.execute({ actor });
    const code = adapters.totp.codeAt(secret, clock.now());
    const all = await Promise.allSettled([
      app.access.confirmTotpEnrolment.execute({ actor, code }),
      ...['one', 'two', 'three'].map((name) => registerPasskey(here, actor, name)),
    ]);
    expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    const confirmed = (await here.rows('totpSecrets')).filter((row) => row.confirmed !== null);
    expect(confirmed.length + (await here.rows('passkeys')).length).to.equal(1);
    expect(await here.rows('recoveryCodes')).to.have.length(10);
    expect(await here.audited('access.second-factor-added')).to.have.length(1);
  });

  it('has a quarter of an hour and not a moment longer', async () => {
    const presented = await token();
    here.clock.advance(LIFE_SECONDS);
    expect(await whoIs(presented)).to.equal(null);
    here.clock.advance(-0.001);
    expect(await whoIs(presented)).to.have.property('kind', 'enrolling');
  });

  it('has the token of the latest sign-in only', async () => {
    const former = await enrolling();
    const latest = await enrolling();
    expect(await refusalOf(enrolTotp(here, former))).to.be.instanceOf(Unauthenticated);
    await enrolTotp(here, latest);
  });

  it('has none any more once he is disabled', async () => {
    const presented = await token();
    const actor = await enrolling(presented);
    const { id } = await user();
    await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: id, changes: { isActive: false } });
    expect(await whoIs(presented)).to.equal(null);
    expect(await refusalOf(enrolTotp(here, actor))).to.be.instanceOf(Unauthenticated);
  });

  it('has none any more once he enrolled one in a session that he had before', async () => {
    const clinic = await here.tenant();
    const { actor } = await here.patient({ email: EMAIL, tenant: clinic });
    const changes = { mfaRequired: true };
    await here.app.tenancy.updateTenant.execute({
      actor: aUserActor('admin'),
      tenantId: clinic.id,
      changes,
    });
    const attempt = { email: EMAIL, password: PASSWORD, tenant: clinic.slug, client: NO_CLIENT };
    const outcome = await here.app.access.login.execute(attempt);
    const { enrolmentToken } = ofKind(outcome, 'second-factor-enrolment-required');
    await enrolTotp(here, actor);
    expect(await whoIs(enrolmentToken)).to.equal(null);
  });

  it('is nobody where the account was disabled behind the back of the tokens', async () => {
    const presented = await token();
    const { id } = await user();
    await here.adapters.database.write((tables) =>
      tables.users.set(id, { ...tables.users.get(id)!, isActive: false }),
    );
    expect(await whoIs(presented)).to.equal(null);
  });

  it('cannot add to an account that has a second factor by now', async () => {
    const actor = await enrolling();
    const owner = await user();
    const { secondFactors } = here.adapters.unitOfWork.stores(owner.tenantId);
    await secondFactors.addPasskey(newPasskey(owner));
    expect(await refusalOf(enrolTotp(here, actor))).to.be.instanceOf(Unauthenticated);
    expect(await refusalOf(registerPasskey(here, actor, 'other'))).to.be.instanceOf(Unauthenticated);
  });

  it('gets no token for a password that was changed while it was compared', async () => {
    const { passwordHasher } = here.adapters;
    const overtaken = compose({
      ...here.adapters,
      passwordHasher: {
        accepts: (hash) => passwordHasher.accepts(hash),
        hash: (password) => passwordHasher.hash(password),
        verify: async (password, hash) => {
          const verdict = await passwordHasher.verify(password, hash);
          const { id } = await user();
          const passwordHash = await passwordHasher.hash('a quite different one');
          await here.adapters.database.write((tables) =>
            tables.users.set(id, { ...tables.users.get(id)!, passwordHash }),
          );
          return verdict;
        },
      },
    });
    const attempt = { email: EMAIL, password: PASSWORD, client: NO_CLIENT };
    const refusal = await refusalOf(overtaken.access.login.execute(attempt));
    expect(refusal).to.have.property('code', 'access.invalid-credentials');
    expect(await here.rows('oneTimeTokens')).to.deep.equal([]);
  });
});
