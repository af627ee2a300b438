import { SoftwareAuthenticator } from '../contracts/security/software-authenticator.ts';
import type { WebAuthnJson } from '../../src/application/ports/security/web-authn.ts';
import type { ApiBodies } from './api-bodies.ts';
import { type Answer, type Api, type Person, PUBLIC_URL, type Sent } from './api.ts';

/** What the page of the service that asks for a passkey is. */
export const CEREMONY = { origin: PUBLIC_URL };

/** Options for the registration of a passkey, as a browser gets them. */
export const registrationOptions = async (api: Api, as: Pick<Person, 'accessToken'>): Promise<WebAuthnJson> =>
  (await api.get('passkeyOptions', 200, 'POST /auth/passkeys/registration/options', { as })).options;

/** Registers a passkey of this authenticator for whoever bears the token. */
export async function registerPasskey(
  api: Api,
  as: Pick<Person, 'accessToken'>,
  authenticator: SoftwareAuthenticator,
  name?: string,
): Promise<ApiBodies['passkey']> {
  const response = authenticator.create(await registrationOptions(api, as), CEREMONY);
  const body = { ...response, ...(name !== undefined && { name }) };
  return api.get('passkey', 201, 'POST /auth/passkeys/registration/verify', { as, body });
}

/** Options for a sign-in by passkey; without a challenge the passkey tells whose it is. */
export const authenticationOptions = async (api: Api, challengeId?: string): Promise<WebAuthnJson> =>
  (
    await api.get('passkeyOptions', 200, 'POST /auth/passkeys/authentication/options', {
      ...(challengeId !== undefined && { body: { challengeId } }),
    })
  ).options;

/** Sends what a browser answered to a sign-in by passkey. */
export const presentPasskey = <Kind extends 'signedIn' | 'challenged' | 'problem'>(
  api: Api,
  kind: Kind,
  response: WebAuthnJson,
  headers: NonNullable<Sent['headers']> = {},
): Promise<Answer<Kind>> =>
  api.send(kind, 'POST /auth/passkeys/authentication/verify', { body: response, headers });

/** Somebody with a passkey. */
export async function passkeyOwner(
  api: Api,
  authenticator = new SoftwareAuthenticator(),
): Promise<{ readonly person: Person; readonly authenticator: SoftwareAuthenticator }> {
  const person = await api.patient();
  await registerPasskey(api, person, authenticator);
  return { person, authenticator };
}
