import { expect } from 'chai';
import { SoftwareAuthenticator } from '../../contracts/security/software-authenticator.ts';
import { type Answer, type Api, type Person, PUBLIC_URL, startApi } from '../../support/api.ts';
import { enrolApp } from '../../support/authenticator-app.ts';
import {
  CEREMONY,
  passkeyOwner,
  registerPasskey,
  registrationOptions,
} from '../../support/passkey-client.ts';
import { problemOf } from '../../support/problem-of.ts';
import { beginSignIn } from '../../support/second-factor-client.ts';
import { withOldProof } from '../../support/with-old-proof.ts';

describe('A passkey', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  const begin = (as: Pick<Person, 'accessToken'>): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/passkeys/registration/options', { as });
  const finish = (as: Pick<Person, 'accessToken'>, body: unknown): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/passkeys/registration/verify', { as, body });
  const list = (as: Person, query = '') => api.get('passkeys', 200, `GET /auth/passkeys${query}`, { as });
  const remove = (as: Pick<Person, 'accessToken'>, id: string): Promise<Answer<'problem'>> =>
    api.send('problem', `DELETE /auth/passkeys/${id}`, { as });

  describe('POST /auth/passkeys/registration/options', () => {
    it('200 asks for a discoverable credential of this host, and for none that is registered', async () => {
      const person = await api.patient();
      const options = await registrationOptions(api, person);
      expect(options).to.deep.include({ attestation: 'none', excludeCredentials: [] });
      expect(options['rp']).to.deep.include({ id: new URL(PUBLIC_URL).hostname });
      expect(options['user']).to.include({ name: person.user.email });
      expect(options['challenge']).to.match(/^[\w-]{43}$/);
      const authenticator = new SoftwareAuthenticator();
      await registerPasskey(api, person, authenticator);
      const again = await registrationOptions(api, person);
      expect(again['challenge']).to.not.equal(options['challenge']);
      expect(again['excludeCredentials']).to.have.length(1);
    });

    it('403 access.step-up-required without a recent proof', async () => {
      problemOf(await begin(await withOldProof(api, await api.patient())), 403, 'access.step-up-required');
    });

    it('403 for a session that was opened without the second factor that the account has by now', async () => {
      const person = await api.patient();
      const early = await api.signIn(person.user.email);
      await registerPasskey(api, person, new SoftwareAuthenticator());
      problemOf(await begin(early), 403, 'access.step-up-required');
    });
  });

  describe('POST /auth/passkeys/registration/verify', () => {
    it('201 gives the passkey, and recovery codes with the first factor of an account only', async () => {
      const person = await api.patient();
      const first = await registerPasskey(api, person, new SoftwareAuthenticator(), '  My phone ');
      expect(first.passkey).to.have.all.keys('id', 'name', 'createdAt', 'lastUsedAt', 'deviceType');
      expect(first.passkey).to.include({ name: 'My phone', lastUsedAt: null, deviceType: 'single-device' });
      expect(first.recoveryCodes).to.have.length(10);
      expect(await api.mail.next('second-factor-added', person.user.email)).to.include({ factor: 'passkey' });
      const synchronised = new SoftwareAuthenticator({ synchronised: true });
      const second = await registerPasskey(api, person, synchronised);
      expect(second.passkey).to.include({ name: 'Passkey', deviceType: 'multi-device' });
      expect(second).to.not.have.property('recoveryCodes');
      expect((await beginSignIn(api, person.user.email)).methods).to.deep.equal(['passkey', 'recovery-code']);
    });

    it('201 gives no recovery codes where an authenticator app came with some', async () => {
      const person = await api.patient();
      await enrolApp(api, person);
      const given = await registerPasskey(api, person, new SoftwareAuthenticator());
      expect(given).to.not.have.property('recoveryCodes');
      expect((await beginSignIn(api, person.user.email)).methods).to.have.members([
        ...['totp', 'passkey', 'recovery-code'],
      ]);
    });

    it('400 access.enrolment-invalid for another page, another challenge, somebody else, or the second time', async () => {
      const person = await api.patient();
      const other = await api.patient();
      const options = await registrationOptions(api, person);
      const authenticator = new SoftwareAuthenticator();
      const phished = authenticator.create(options, { origin: 'https://casegate.example.com' });
      problemOf(await finish(person, phished), 400, 'access.enrolment-invalid');
      const made = authenticator.create(await registrationOptions(api, person), CEREMONY);
      problemOf(await finish(other, made), 400, 'access.enrolment-invalid');
      const invented = { ...options, challenge: 'x'.repeat(43) };
      problemOf(
        await finish(person, authenticator.create(invented, CEREMONY)),
        400,
        'access.enrolment-invalid',
      );
      const good = authenticator.create(await registrationOptions(api, person), CEREMONY);
      expect((await finish(person, good)).status).to.equal(201);
      problemOf(await finish(person, good), 400, 'access.enrolment-invalid');
      expect((await list(other)).items).to.deep.equal([]);
    });

    it('409 access.passkey-limit for the twenty-first, before the browser is asked', async () => {
      const { person } = await passkeyOwner(api);
      const authenticator = new SoftwareAuthenticator();
      const response = authenticator.create(await registrationOptions(api, person), CEREMONY);
      await api.sql(
        `INSERT INTO passkeys SELECT gen_random_uuid(), tenant_uuid, user_uuid, credential_id || n, public_key, 0,
           transports, device_type, name, now(), NULL
         FROM passkeys, generate_series(1, 18) AS n WHERE user_uuid = $1`,
        [person.user.id],
      );
      expect((await finish(person, response)).status).to.equal(201);
      problemOf(await begin(person), 409, 'access.passkey-limit');
    });

    it('422 for what is no answer of a browser, and for a name that is none', async () => {
      const person = await api.patient();
      const authenticator = new SoftwareAuthenticator();
      const good = authenticator.create(await registrationOptions(api, person), CEREMONY);
      for (const [body, pointer] of [
        [{ credential: good }, '/credential'],
        [{ ...good, response: 'text' }, '/response'],
        [{ ...good, name: ' ' }, '/name'],
        [{ ...good, name: '🦉'.repeat(101) }, '/name'],
        [{ ...good, name: 7 }, '/name'],
      ] as const) {
        const { errors } = problemOf(await finish(person, body), 422, 'request.invalid');
        expect(errors?.map((field) => field.pointer)).to.include(pointer);
      }
      expect((await finish(person, { ...good, name: '🦉'.repeat(100) })).status).to.equal(201);
    });

    it('400 for hostile octets in the right form', async () => {
      const person = await api.patient();
      const good = new SoftwareAuthenticator().create(await registrationOptions(api, person), CEREMONY);
      for (const response of [{}, { ...good.response, attestationObject: 'AAAA' }, { clientDataJSON: '%' }]) {
        problemOf(await finish(person, { ...good, response }), 400, 'access.enrolment-invalid');
      }
    });
  });

  describe('GET /auth/passkeys', () => {
    it('200 lists what is one’s own, the newest first, page by page', async () => {
      const { person } = await passkeyOwner(api);
      await registerPasskey(api, person, new SoftwareAuthenticator(), 'second');
      await passkeyOwner(api);
      const all = await list(person);
      expect(all.items.map(({ name }) => name)).to.deep.equal(['second', 'Passkey']);
      expect(all.nextCursor).to.equal(null);
      const first = await list(person, '?limit=1');
      const rest = await list(person, `?limit=1&cursor=${String(first.nextCursor)}`);
      expect([...first.items, ...rest.items]).to.deep.equal(all.items);
      expect(rest.nextCursor).to.equal(null);
    });
  });

  describe('DELETE /auth/passkeys/{id}', () => {
    it('204 takes one away, and the owner is told; the others stay', async () => {
      const { person } = await passkeyOwner(api);
      const { passkey } = await registerPasskey(api, person, new SoftwareAuthenticator(), 'second');
      expect((await remove(person, passkey.id)).status).to.equal(204);
      expect(await api.mail.next('second-factor-removed', person.user.email)).to.include({
        factor: 'passkey',
      });
      expect((await list(person)).items.map(({ name }) => name)).to.deep.equal(['Passkey']);
      problemOf(await remove(person, passkey.id), 404, 'request.not-found');
    });

    it('204 for the last one as well, after which the password is enough', async () => {
      const { person } = await passkeyOwner(api);
      const [only] = (await list(person)).items;
      expect((await remove(person, only!.id)).status).to.equal(204);
      await api.signIn(person.user.email);
    });

    it('404 for that of somebody else, and for what is no id', async () => {
      const { person } = await passkeyOwner(api);
      const other = await passkeyOwner(api);
      const [theirs] = (await list(other.person)).items;
      for (const id of [theirs!.id, '01900000-0000-7000-8000-000000000000', 'nonsense']) {
        problemOf(await remove(person, id), 404, 'request.not-found');
      }
      expect((await list(other.person)).items).to.have.length(1);
    });

    it('403 access.step-up-required without a recent proof', async () => {
      const { person } = await passkeyOwner(api);
      const [only] = (await list(person)).items;
      const stale = await withOldProof(api, person);
      problemOf(await remove(stale, only!.id), 403, 'access.step-up-required');
    });
  });
});
