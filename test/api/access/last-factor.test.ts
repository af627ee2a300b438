import { expect } from 'chai';
import { SoftwareAuthenticator } from '../../contracts/security/software-authenticator.ts';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { enrolApp } from '../../support/authenticator-app.ts';
import { registerPasskey } from '../../support/passkey-client.ts';
import { problemOf } from '../../support/problem-of.ts';

describe('The last second factor of somebody who must have one', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  /** Somebody with an authenticator app and a passkey, in a tenant that demands a second factor by now. */
  async function personWithTwo(): Promise<{ readonly person: Person; readonly passkeyId: string }> {
    const { slug } = await api.tenant();
    const person = await api.patient(slug);
    await enrolApp(api, person);
    const { passkey } = await registerPasskey(api, person, new SoftwareAuthenticator());
    await api.sql('UPDATE tenants SET mfa_required = true WHERE slug = $1', [slug]);
    return { person, passkeyId: passkey.id };
  }

  it('stays, where the other one was taken away before', async () => {
    const { person: as, passkeyId } = await personWithTwo();
    await api.get('nothing', 204, 'DELETE /auth/mfa/totp', { as });
    const refused = await api.send('problem', `DELETE /auth/passkeys/${passkeyId}`, { as });
    problemOf(refused, 409, 'access.last-second-factor');
  });

  it('stays, where both are taken away at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { person: as, passkeyId } = await personWithTwo();
      const answers = await Promise.all([
        api.send('problem', 'DELETE /auth/mfa/totp', { as }),
        api.send('problem', `DELETE /auth/passkeys/${passkeyId}`, { as }),
      ]);
      expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([204, 409]);
    }
  });
});
