import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { SoftwareAuthenticator } from '../../contracts/security/software-authenticator.ts';
import { type Api, newEmail, PASSWORD, startApi } from '../../support/api.ts';
import { comparable } from '../../support/comparable.ts';
import {
  authenticationOptions,
  CEREMONY,
  passkeyOwner,
  presentPasskey,
  registerPasskey,
} from '../../support/passkey-client.ts';
import { problemOf } from '../../support/problem-of.ts';
import { beginSignIn } from '../../support/second-factor-client.ts';

describe('A sign-in by passkey', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  describe('without a name', () => {
    it('200 opens a session, as two factors', async () => {
      const { person, authenticator } = await passkeyOwner(api);
      const options = await authenticationOptions(api);
      expect(options).to.include({ userVerification: 'required' });
      expect(options['allowCredentials'] ?? []).to.deep.equal([]);
      const answer = await presentPasskey(api, 'signedIn', authenticator.get(options, CEREMONY));
      expect(answer.status).to.equal(200);
      expect(answer.body).to.have.all.keys(
        ...['kind', 'user', 'accessToken', 'tokenType', 'expiresIn', 'refreshToken', 'refreshExpiresIn'],
      );
      expect(answer.body.user.id).to.equal(person.user.id);
      const claims = decodeJwt(answer.body.accessToken);
      expect(claims).to.deep.include({ acr: 'aal2', amr: ['hwk', 'user', 'mfa'] });
      const { items } = await api.get('passkeys', 200, 'GET /auth/passkeys', { as: answer.body });
      expect(items[0]?.lastUsedAt).to.be.a('string');
    });

    it('401 where the authenticator did not make sure of its owner', async () => {
      const { authenticator } = await passkeyOwner(api);
      const options = await authenticationOptions(api);
      const response = authenticator.get(options, { ...CEREMONY, userVerified: false });
      problemOf(await presentPasskey(api, 'problem', response), 401, 'access.passkey-refused');
    });

    it('401 where its counter has gone back or stands still: somebody has a copy', async () => {
      const { authenticator } = await passkeyOwner(api);
      const copy = authenticator.clone();
      const used = authenticator.get(await authenticationOptions(api), CEREMONY);
      expect((await presentPasskey(api, 'signedIn', used)).status).to.equal(200);
      const stolen = copy.get(await authenticationOptions(api), CEREMONY);
      problemOf(await presentPasskey(api, 'problem', stolen), 401, 'access.passkey-refused');
      const next = authenticator.get(await authenticationOptions(api), CEREMONY);
      expect((await presentPasskey(api, 'signedIn', next)).status).to.equal(200);
    });

    it('200 for one of ten copies that answer at once, each to a challenge of its own', async () => {
      const { authenticator } = await passkeyOwner(api);
      const responses = [];
      for (let copies = 0; copies < 10; copies += 1) {
        responses.push(authenticator.clone().get(await authenticationOptions(api), CEREMONY));
      }
      const answers = await Promise.all(
        responses.map((response) => presentPasskey(api, 'problem', response)),
      );
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
      expect(answers.filter(({ status }) => status === 401)).to.have.length(9);
    });

    it('200 again and again for one that does not count', async () => {
      const { authenticator } = await passkeyOwner(api, new SoftwareAuthenticator({ counts: false }));
      for (let times = 0; times < 2; times += 1) {
        const response = authenticator.get(await authenticationOptions(api), CEREMONY);
        expect((await presentPasskey(api, 'signedIn', response)).status).to.equal(200);
      }
    });

    it('200 for one of twenty that send the same answer at once', async () => {
      const { authenticator } = await passkeyOwner(api);
      const response = authenticator.get(await authenticationOptions(api), CEREMONY);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => presentPasskey(api, 'problem', response)),
      );
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
      expect(answers.filter(({ status }) => status === 401)).to.have.length(19);
    });

    it('401 in one and the same way for whatever else is not right', async () => {
      const { person, authenticator } = await passkeyOwner(api);
      const options = () => authenticationOptions(api);
      const good = authenticator.get(await options(), CEREMONY);
      const expired = authenticator.get(await options(), CEREMONY);
      await api.sql("UPDATE passkey_challenges SET expires_at = now() - interval '1 second'");
      const foreign = authenticator.get({ ...(await options()), challenge: 'x'.repeat(43) }, CEREMONY);
      const phished = authenticator.get(await options(), { origin: 'https://casegate.example.com' });
      const unknown = { ...authenticator.get(await options(), CEREMONY), id: 'AAAA', rawId: 'AAAA' };
      const touched = authenticator.get(await options(), CEREMONY);
      const forged = { ...touched, response: { ...touched.response, signature: good.response.signature } };
      const garbled = { ...authenticator.get(await options(), CEREMONY), response: {} };
      const answers = [];
      for (const response of [expired, foreign, phished, unknown, forged, garbled]) {
        answers.push(await presentPasskey(api, 'problem', response));
      }
      const disabled = authenticator.get(await options(), CEREMONY);
      await api.sql('UPDATE users SET is_active = false WHERE uuid = $1', [person.user.id]);
      answers.push(await presentPasskey(api, 'problem', disabled));
      for (const answer of answers) problemOf(answer, 401, 'access.passkey-refused');
      expect(new Set(answers.map(comparable)).size).to.equal(1);
    });

    it('is not kept out by a lock on guessing', async () => {
      const { person, authenticator } = await passkeyOwner(api);
      const body = { email: person.user.email, password: 'a wrong guess' };
      for (let failures = 0; failures < 11; failures += 1) {
        await api.send('problem', 'POST /auth/login', { body });
      }
      const response = authenticator.get(await authenticationOptions(api), CEREMONY);
      expect((await presentPasskey(api, 'signedIn', response)).status).to.equal(200);
    });
  });

  describe('as second factor', () => {
    it('200 completes the sign-in that it was asked for, were it without user verification', async () => {
      const { person, authenticator } = await passkeyOwner(api);
      const { challengeId, methods } = await beginSignIn(api, person.user.email);
      expect(methods).to.include('passkey');
      const options = await authenticationOptions(api, challengeId);
      expect(options['allowCredentials']).to.have.length(1);
      const response = authenticator.get(options, { ...CEREMONY, userVerified: false });
      const answer = await presentPasskey(api, 'signedIn', response);
      expect([answer.status, answer.body.user.id]).to.deep.equal([200, person.user.id]);
      expect(decodeJwt(answer.body.accessToken)).to.deep.include({ acr: 'aal2', amr: ['pwd', 'hwk', 'mfa'] });
    });

    it('200 by any of several', async () => {
      const { person } = await passkeyOwner(api);
      const second = new SoftwareAuthenticator({ synchronised: true });
      await registerPasskey(api, person, second, 'second');
      const { challengeId } = await beginSignIn(api, person.user.email);
      const options = await authenticationOptions(api, challengeId);
      expect(options['allowCredentials']).to.have.length(2);
      const answer = await presentPasskey(api, 'signedIn', second.get(options, CEREMONY));
      expect(answer.status).to.equal(200);
      expect(decodeJwt(answer.body.accessToken)['amr']).to.deep.equal(['pwd', 'swk', 'user', 'mfa']);
    });

    it('401 for the passkey of somebody else', async () => {
      const { person } = await passkeyOwner(api);
      const other = await passkeyOwner(api);
      const { challengeId } = await beginSignIn(api, person.user.email);
      const { challenge, rpId } = await authenticationOptions(api, challengeId);
      const response = other.authenticator.get({ challenge, rpId }, CEREMONY);
      problemOf(await presentPasskey(api, 'problem', response), 401, 'access.passkey-refused');
    });

    it('401 access.second-factor-invalid for a challenge that does not wait, or whose account has no passkey', async () => {
      const { person, authenticator } = await passkeyOwner(api);
      const { challengeId } = await beginSignIn(api, person.user.email);
      const response = authenticator.get(await authenticationOptions(api, challengeId), CEREMONY);
      await presentPasskey(api, 'signedIn', response);
      for (const id of [challengeId, '01900000-0000-7000-8000-000000000000']) {
        const sent = { body: { challengeId: id } };
        const answer = await api.send('problem', 'POST /auth/passkeys/authentication/options', sent);
        problemOf(answer, 401, 'access.second-factor-invalid');
      }
    });

    it('422 for a challenge that is no id', async () => {
      const sent = { body: { challengeId: 'nonsense' } };
      const answer = await api.send('problem', 'POST /auth/passkeys/authentication/options', sent);
      expect(problemOf(answer, 422, 'request.invalid').errors?.[0]?.pointer).to.equal('/challengeId');
    });
  });

  it('403 identity.email-not-verified where addresses have to be confirmed and this one is not', async () => {
    const strict = await startApi({ EMAIL_VERIFICATION: 'required' });
    try {
      const email = newEmail();
      await strict.get('status', 202, 'POST /auth/register', { body: { email, password: PASSWORD } });
      const { token } = await strict.mail.next('verify-email', email);
      await strict.get('nothing', 204, 'POST /auth/email/verify', { body: { token } });
      const authenticator = new SoftwareAuthenticator();
      await registerPasskey(strict, await strict.signIn(email), authenticator);
      await strict.sql('UPDATE users SET email_verified_at = NULL WHERE email = $1', [email]);
      const response = authenticator.get(await authenticationOptions(strict), CEREMONY);
      problemOf(await presentPasskey(strict, 'problem', response), 403, 'identity.email-not-verified');
    } finally {
      await strict.stop();
    }
  });
});
