import { expect } from 'chai';
import type { OutgoingMail } from '../../../src/application/ports/gateways/mailer.ts';
import type { WebAuthnJson } from '../../../src/application/ports/security/web-authn.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import type { Passkey } from '../../../src/domain/access/second-factor.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';
import { refusalOf } from '../../contracts/stores/expectations.ts';
import { anId, NOW } from '../../support/builders.ts';
import { MemoryMailer } from '../../support/memory/memory-mailer.ts';
import { TestPasskey } from '../../support/memory/test-passkey.ts';
import { TestTotp } from '../../support/memory/test-totp.ts';
import { TestWebAuthn } from '../../support/memory/test-web-authn.ts';

const aMail = (): OutgoingMail => ({
  id: anId(),
  to: 'person@example.org',
  language: 'en',
  content: { kind: 'password-changed' },
});

/** Registers a passkey, whoever its owner is. */
async function registered(webAuthn: TestWebAuthn, device: TestPasskey): Promise<Passkey> {
  const userId = anId();
  const options = await webAuthn.registrationOptions({ userId, name: 'person@example.org' }, 'one', []);
  const credential = await webAuthn.verifyRegistration(device.create(options), 'one');
  return {
    id: anId(),
    tenantId: anId(),
    userId,
    ...credential!,
    name: 'Phone',
    createdAt: NOW,
    lastUsedAt: null,
  };
}

const answer = async (
  webAuthn: TestWebAuthn,
  device: TestPasskey,
  challenge: string,
): Promise<WebAuthnJson> => device.get(await webAuthn.authenticationOptions(challenge, null));

describe('The mailer of the tests', () => {
  it('keeps what it was given', async () => {
    const mailer = new MemoryMailer();
    const mails = [aMail(), aMail()];
    for (const mail of mails) expect(await mailer.send(mail)).to.equal('sent');
    expect(mailer.sent).to.deep.equal(mails);
  });

  it('is out of reach, and then refuses, as often as it is told', async () => {
    const mailer = new MemoryMailer();
    mailer.fail(2);
    mailer.refuse();
    const mail = aMail();
    await refusalOf(Unavailable, mailer.send(mail));
    await refusalOf(Unavailable, mailer.send(mail));
    expect(await mailer.send(mail)).to.equal('refused');
    expect(mailer.sent).to.deep.equal([]);
    expect(await mailer.send(mail)).to.equal('sent');
    expect(mailer.sent).to.deep.equal([mail]);
    expect(mailer.attempts).to.have.length(4);
  });
});

describe('The one-time codes of the tests', () => {
  it('count in their own time step and one to either side', async () => {
    const totp = new TestTotp();
    const secret = totp.generateSecret();
    const step = Math.floor(NOW.getTime() / 30_000);
    for (const drift of [-1, 0, 1]) {
      expect(await totp.matchingStep(secret, totp.codeAt(secret, NOW, drift), NOW)).to.equal(step + drift);
    }
    for (const wrong of [
      totp.codeAt(secret, addSeconds(NOW, 60)),
      totp.wrongCodeAt(secret, NOW),
      '',
      'abc',
    ]) {
      expect(await totp.matchingStep(secret, wrong, NOW)).to.equal(null);
    }
  });

  it('are the same in each run, and others for another secret', () => {
    const [one, other] = [new TestTotp(), new TestTotp()];
    const secrets = [one.generateSecret(), one.generateSecret()];
    expect(secrets).to.deep.equal([other.generateSecret(), other.generateSecret()]);
    expect(secrets[0]).to.match(/^[A-Z2-7]{32}$/);
    expect(one.codeAt(secrets[0]!, NOW)).to.not.equal(one.codeAt(secrets[1]!, NOW));
  });
});

describe('The passkeys of the tests', () => {
  const webAuthn = new TestWebAuthn();

  it('prove themselves to whoever registered them, and say whether they made sure of their owner', async () => {
    for (const userVerified of [true, false]) {
      const device = new TestPasskey('phone', { userVerified });
      const passkey = await registered(webAuthn, device);
      for (const counter of [1, 2]) {
        const response = await answer(webAuthn, device, 'two');
        expect(webAuthn.claimOf(response)).to.deep.equal({
          challenge: 'two',
          credentialId: passkey.credentialId,
        });
        const proof = await webAuthn.verifyAuthentication(response, 'two', passkey);
        expect(proof).to.deep.equal({ counter, userVerified });
      }
    }
  });

  it('prove nothing by another challenge, another passkey or a changed answer', async () => {
    const [device, other] = [new TestPasskey('phone'), new TestPasskey('tablet')];
    const [passkey, foreign] = [await registered(webAuthn, device), await registered(webAuthn, other)];
    const response = await answer(webAuthn, device, 'two');
    expect(await webAuthn.verifyAuthentication(response, 'three', passkey)).to.equal(null);
    expect(await webAuthn.verifyAuthentication(response, 'two', foreign)).to.equal(null);
    const stolen = { ...(await answer(webAuthn, other, 'two')), id: passkey.credentialId };
    expect(await webAuthn.verifyAuthentication(stolen, 'two', passkey)).to.equal(null);
    for (const nothing of [{}, { id: 1 }, { ...response, response: {} }]) {
      expect(webAuthn.claimOf(nothing)).to.equal(null);
      expect(await webAuthn.verifyAuthentication(nothing, 'two', passkey)).to.equal(null);
      expect(await webAuthn.verifyRegistration(nothing, 'two')).to.equal(null);
    }
  });

  it('are found out where a copy comes with a counter that has not grown', async () => {
    const device = new TestPasskey('key', { deviceType: 'single-device' });
    const passkey = await registered(webAuthn, device);
    const copy = device.clone();
    const [first, second] = [await answer(webAuthn, device, 'two'), await answer(webAuthn, copy, 'two')];
    const proof = await webAuthn.verifyAuthentication(first, 'two', passkey);
    expect(proof).to.include({ counter: 1 });
    expect(await webAuthn.verifyAuthentication(second, 'two', { ...passkey, counter: 1 })).to.equal(null);
  });

  it('may be without a counter', async () => {
    const device = new TestPasskey('phone', { counts: false });
    const passkey = await registered(webAuthn, device);
    for (const challenge of ['two', 'three']) {
      const response = await answer(webAuthn, device, challenge);
      expect(await webAuthn.verifyAuthentication(response, challenge, passkey)).to.include({ counter: 0 });
    }
  });
});
