import { expect } from 'chai';
import {
  EnrolmentInvalid,
  PasskeyLimit,
  StepUpRequired,
  Unauthenticated,
} from '../../../../src/domain/access/errors.ts';
import type { WebAuthnJson } from '../../../../src/application/ports/security/web-authn.ts';
import { newPasskey } from '../../../contracts/stores/access-fixtures.ts';
import { ANONYMOUS, aUserActor, SYSTEM } from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { TestPasskey } from '../../../support/memory/test-passkey.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { registerPasskey } from '../../../support/register-passkey.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const ANSWER_SECONDS = 300;

describe('The registration of a passkey', () => {
  let here: World;
  let person: Member;

  beforeEach(async () => {
    here = world();
    person = await here.patient({ email: EMAIL });
  });

  const begin = ({ actor } = person) => here.app.access.beginPasskeyRegistration.execute({ actor });
  const finish = (response: WebAuthnJson, { actor } = person) =>
    here.app.access.finishPasskeyRegistration.execute({ actor, response, name: 'telephone' });
  const register = (name = 'telephone', { actor } = person) => registerPasskey(here, actor, name);
  const list = ({ actor } = person) => here.app.access.listPasskeys.execute({ actor });

  it('keeps it under its name, with ten recovery codes for an account that had none', async () => {
    here.clock.advance(5);
    const { passkey, recoveryCodes, device } = await register();
    expect(passkey).to.deep.include({
      tenantId: person.user.tenantId,
      userId: person.user.id,
      credentialId: device.credentialId,
      name: 'telephone',
      createdAt: here.clock.now(),
      lastUsedAt: null,
    });
    expect(await list()).to.deep.equal([passkey]);
    expect(recoveryCodes).to.have.length(10);
  });

  it('makes the session one of two factors, tells the owner by mail and the trail', async () => {
    await register();
    expect((await here.rows('sessions'))[0]?.amr).to.deep.equal(['pwd', 'swk', 'mfa']);
    expect(await here.mailTo(EMAIL, 'second-factor-added')).to.have.property('factor', 'passkey');
    expect((await here.audited('access.second-factor-added'))[0]?.details).to.deep.equal({
      factor: 'passkey',
    });
  });

  it('tells a key that cannot leave its device from one that can', async () => {
    await registerPasskey(here, person.actor, 'key ring', { deviceType: 'single-device' });
    expect((await here.rows('sessions'))[0]?.amr).to.deep.equal(['pwd', 'hwk', 'mfa']);
  });

  it('of a further one keeps the recovery codes, and tells the browser which there are', async () => {
    const { recoveryCodes, device } = await register();
    const codes = await here.rows('recoveryCodes');
    expect((await begin())['excludeCredentials']).to.deep.equal([
      { type: 'public-key', id: device.credentialId, transports: ['internal'] },
    ]);
    here.clock.advance(1);
    const further = await register('key ring');
    expect([recoveryCodes.length, further.recoveryCodes.length]).to.deep.equal([10, 0]);
    expect(await here.rows('recoveryCodes')).to.deep.equal(codes);
    expect((await list()).map(({ name }) => name)).to.deep.equal(['telephone', 'key ring']);
  });

  it('takes an answer once, of twenty at once', async () => {
    const response = new TestPasskey('telephone').create(await begin());
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => finish(response)));
    expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    for (const outcome of all) {
      if (outcome.status === 'rejected') expect(outcome.reason).to.be.instanceOf(EnrolmentInvalid);
    }
    expect(await list()).to.have.length(1);
  });

  it('takes an answer within five minutes and not a moment longer', async () => {
    const [late, timely] = [await begin(), await begin()];
    here.clock.advance(ANSWER_SECONDS);
    const tooLate = finish(new TestPasskey('late').create(late));
    expect(await refusalOf(tooLate)).to.be.instanceOf(EnrolmentInvalid);
    here.clock.advance(-0.001);
    await finish(new TestPasskey('timely').create(timely));
  });

  it('refuses an answer to what somebody else was asked, to nothing that was asked, and none at all', async () => {
    const other = await here.patient();
    const theirs = new TestPasskey('theirs').create(await begin(other));
    const signIn = await here.app.access.beginPasskeyAuthentication.execute({});
    const asSignIn = new TestPasskey('x').create({ ...signIn, user: { id: 'x' } });
    const invented = new TestPasskey('y').create({ challenge: 'x'.repeat(43), user: { id: 'x' } });
    for (const response of [theirs, asSignIn, invented, {}, { id: 'x', response: 'y' }]) {
      expect(await refusalOf(finish(response))).to.be.instanceOf(EnrolmentInvalid);
    }
    expect(await here.rows('passkeys')).to.deep.equal([]);
  });

  it('refuses a credential that is registered already, by whomever', async () => {
    await register();
    const other = await here.patient();
    expect(await refusalOf(register('telephone', other))).to.be.instanceOf(PasskeyLimit);
    expect(await refusalOf(register('telephone'))).to.be.instanceOf(PasskeyLimit);
    expect(await here.rows('passkeys')).to.have.length(1);
    expect((await here.rows('recoveryCodes')).map(({ userId }) => userId)).not.to.include(other.user.id);
  });

  it('is for twenty at most, however many were begun', async () => {
    await register();
    const begun = await begin();
    const { secondFactors } = here.adapters.unitOfWork.stores(person.user.tenantId);
    for (let count = 1; count < 20; count += 1) await secondFactors.addPasskey(newPasskey(person.user));
    expect(await refusalOf(begin())).to.be.instanceOf(PasskeyLimit);
    const tooMany = finish(new TestPasskey('another').create(begun));
    expect(await refusalOf(tooMany)).to.be.instanceOf(PasskeyLimit);
    expect(await list()).to.have.length(20);
  });

  it('is kept for one of two at once, so that recovery codes are given out once', async () => {
    const begun = await Promise.all([begin(), begin()]);
    const results = await Promise.allSettled(
      begun.map((options, index) => finish(new TestPasskey(`key ${String(index)}`).create(options))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await here.rows('passkeys')).to.have.length(1);
  });

  it('needs a proof of the last five minutes to begin', async () => {
    here.clock.advance(ANSWER_SECONDS);
    await begin();
    here.clock.advance(0.001);
    expect(await refusalOf(begin())).to.be.instanceOf(StepUpRequired);
  });

  it('needs a session of two factors where the account has a second one, also to be completed', async () => {
    const other = await here.signIn({ email: EMAIL });
    const begun = await begin(other);
    await enrolTotp(here, person.actor);
    expect(await refusalOf(begin(other))).to.be.instanceOf(StepUpRequired);
    const completed = finish(new TestPasskey('theirs').create(begun), other);
    expect(await refusalOf(completed)).to.be.instanceOf(StepUpRequired);
    await register();
  });

  it('is for a person with an account whose session lives', async () => {
    const response = new TestPasskey('telephone').create(await begin());
    for (const actor of [ANONYMOUS, SYSTEM, aUserActor('patient')]) {
      const act = here.app.access.beginPasskeyRegistration.execute({ actor });
      expect(await refusalOf(act)).to.be.instanceOf(Unauthenticated);
    }
    await here.app.access.logout.execute({ actor: person.actor });
    expect(await refusalOf(finish(response))).to.be.instanceOf(Unauthenticated);
    expect(await here.rows('passkeys')).to.deep.equal([]);
  });

  it('lists one’s own only', async () => {
    await register();
    expect(await list(await here.patient())).to.deep.equal([]);
    for (const actor of [ANONYMOUS, SYSTEM]) {
      expect(await refusalOf(here.app.access.listPasskeys.execute({ actor }))).to.be.instanceOf(
        Unauthenticated,
      );
    }
  });

  it('keeps nothing where it cannot be audited', async () => {
    const response = new TestPasskey('telephone').create(await begin());
    const { actor } = person;
    const act = here.unauditedApp.access.finishPasskeyRegistration.execute({ actor, response, name: 'x' });
    expect(await faultOf(act)).to.have.property('message', AUDIT_FAULT);
    expect(await here.rows('passkeys')).to.deep.equal([]);
    expect(await here.rows('recoveryCodes')).to.deep.equal([]);
  });
});
