import { parse as octetsOfUuid } from 'uuid';
import { z } from 'zod';
import type {
  PasskeyOwner,
  PasskeyProof,
  RegisteredCredential,
  WebAuthn,
  WebAuthnJson,
} from '../../../src/application/ports/security/web-authn.ts';
import type { Passkey } from '../../../src/domain/access/second-factor.ts';
import { AssertedData, AttestedData, jsonIn, signatureOf } from './test-passkey.ts';

const RP_ID = 'localhost';

const ClientData = z.object({ type: z.string(), challenge: z.string() });
const Registration = z.object({
  id: z.string(),
  response: z.object({
    clientDataJSON: z.string(),
    attestationObject: z.string(),
    transports: z.array(z.string()),
  }),
});
const Authentication = z.object({
  id: z.string(),
  response: z.object({
    clientDataJSON: z.string(),
    authenticatorData: z.string(),
    signature: z.string(),
    userHandle: z.string(),
  }),
});
const Any = z.object({ id: z.string(), response: z.object({ clientDataJSON: z.string() }) });

/**
 * A relying party for instances of `TestPasskey`: in the form of WebAuthn, with hashes in place of signatures. It holds to what the
 * port promises, so that use cases cannot tell; what it proves of cryptography is nothing.
 */
export class TestWebAuthn implements WebAuthn {
  registrationOptions(
    owner: PasskeyOwner,
    challenge: string,
    existing: readonly Passkey[],
  ): Promise<WebAuthnJson> {
    return Promise.resolve({
      rp: { id: RP_ID, name: 'Casegate' },
      user: { id: userHandleOf(owner.userId), name: owner.name, displayName: owner.name },
      challenge,
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      excludeCredentials: existing.map(descriptorOf),
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
    });
  }

  verifyRegistration(response: WebAuthnJson, challenge: string): Promise<RegisteredCredential | null> {
    const { data } = Registration.safeParse(response);
    const attested = data && jsonIn(AttestedData, data.response.attestationObject);
    if (!attested || !answers('webauthn.create', challenge, data.response.clientDataJSON)) {
      return Promise.resolve(null);
    }
    return Promise.resolve({
      credentialId: data.id,
      publicKey: new Uint8Array(Buffer.from(attested.publicKey, 'base64url')),
      counter: attested.counter,
      transports: data.response.transports,
      deviceType: attested.deviceType,
    });
  }

  authenticationOptions(challenge: string, allowed: readonly Passkey[] | null): Promise<WebAuthnJson> {
    return Promise.resolve({
      rpId: RP_ID,
      challenge,
      allowCredentials: (allowed ?? []).map(descriptorOf),
      userVerification: allowed ? 'preferred' : 'required',
    });
  }

  claimOf(response: WebAuthnJson): { readonly challenge: string; readonly credentialId: string } | null {
    const { data } = Any.safeParse(response);
    const clientData = data && jsonIn(ClientData, data.response.clientDataJSON);
    return clientData ? { challenge: clientData.challenge, credentialId: data.id } : null;
  }

  verifyAuthentication(
    response: WebAuthnJson,
    challenge: string,
    passkey: Passkey,
  ): Promise<PasskeyProof | null> {
    const { data } = Authentication.safeParse(response);
    const asserted = data && jsonIn(AssertedData, data.response.authenticatorData);
    if (!asserted || data.id !== passkey.credentialId) return Promise.resolve(null);
    const { clientDataJSON, authenticatorData, signature, userHandle } = data.response;
    const isRight =
      userHandle === userHandleOf(passkey.userId) &&
      answers('webauthn.get', challenge, clientDataJSON) &&
      signature === signatureOf(passkey.publicKey, authenticatorData, clientDataJSON);
    const { counter, userVerified } = asserted;
    const hasGrown = counter > passkey.counter || (counter === 0 && passkey.counter === 0);
    return Promise.resolve(isRight && hasGrown ? { counter, userVerified } : null);
  }
}

const userHandleOf = (userId: string): string => Buffer.from(octetsOfUuid(userId)).toString('base64url');

const descriptorOf = ({ credentialId, transports }: Passkey): WebAuthnJson => ({
  type: 'public-key',
  id: credentialId,
  transports,
});

function answers(type: string, challenge: string, clientDataJSON: string): boolean {
  const clientData = jsonIn(ClientData, clientDataJSON);
  return clientData?.type === type && clientData.challenge === challenge;
}
