import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import {
  cose,
  COSEALG,
  decodeAttestationObject,
  decodeCredentialPublicKey,
} from '@simplewebauthn/server/helpers';
import { parse as octetsOfUuid } from 'uuid';
import type {
  PasskeyOwner,
  PasskeyProof,
  RegisteredCredential,
  WebAuthn,
  WebAuthnJson,
} from '../../application/ports/security/web-authn.ts';
import type { Passkey } from '../../domain/access/second-factor.ts';
import { CHALLENGE_SECONDS } from '../../domain/access/sign-in-challenge.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { clientDataOf } from './client-data.ts';
import { AuthenticationResponse, CredentialResponse, RegistrationResponse } from './credential-response.ts';

/** What is offered, in the order of preference: nearly every authenticator has the first, Windows on older machines only the last. */
const ALGORITHMS = [COSEALG.ES256, COSEALG.EdDSA, COSEALG.RS256];

/**
 * Statements that are verified by what they hold. For the others the library downloads lists of revoked certificates, from wherever
 * the statement says: for `android-key` even where it brings its own root.
 */
const ATTESTATION_FORMATS: ReadonlySet<string> = new Set(['none', 'packed', 'fido-u2f', 'tpm']);

/** Octets of the longest key that is kept; RSA of 4,096 bits has some 530. */
const MAX_KEY_OCTETS = 2048;

/** Milliseconds that a browser is to wait: as long as the challenge counts. */
const TIMEOUT = CHALLENGE_SECONDS * 1000;

const DEVICE_TYPES = { singleDevice: 'single-device', multiDevice: 'multi-device' } as const;

/** Whom passkeys are for. */
export interface RelyingParty {
  /** The product's name, as browsers show it. */
  readonly rpName: string;
  /** The host of the public URL, without a port: passkeys belong to it for ever. */
  readonly rpId: string;
  /** Pages that may ask for a passkey, as browsers write an origin: `https://host`, with the port where it is not the default. */
  readonly origins: readonly string[];
}

/** WebAuthn Level 3 by @simplewebauthn/server. No certificate of an authenticator is trusted or asked for. */
export class SimpleWebAuthn implements WebAuthn {
  readonly #party: RelyingParty;

  constructor(party: RelyingParty) {
    this.#party = party;
  }

  async registrationOptions(
    owner: PasskeyOwner,
    challenge: string,
    existing: readonly Passkey[],
  ): Promise<WebAuthnJson> {
    const options = await generateRegistrationOptions({
      rpName: this.#party.rpName,
      rpID: this.#party.rpId,
      userID: userHandleOf(owner.userId),
      userName: owner.name,
      userDisplayName: owner.name,
      challenge: Buffer.from(challenge, 'base64url'),
      attestationType: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      supportedAlgorithmIDs: ALGORITHMS,
      excludeCredentials: existing.map(descriptorOf),
      timeout: TIMEOUT,
    });
    return { ...options };
  }

  async verifyRegistration(response: WebAuthnJson, challenge: string): Promise<RegisteredCredential | null> {
    const { data } = RegistrationResponse.safeParse(response);
    if (!data || isFramed(data.response.clientDataJSON)) return null;
    const { transports, ...rest } = data.response;
    const verified = await unlessRefused(async () => {
      refuseForeignStatements(rest.attestationObject);
      return verifyRegistrationResponse({
        response: { ...data, response: rest, clientExtensionResults: {} },
        expectedChallenge: challenge,
        expectedOrigin: [...this.#party.origins],
        expectedRPID: this.#party.rpId,
        requireUserVerification: false,
        supportedAlgorithmIDs: ALGORITHMS,
      });
    });
    if (!verified?.registrationInfo) return null;
    const { credential, credentialDeviceType } = verified.registrationInfo;
    if (credential.id !== data.id || credential.publicKey.length > MAX_KEY_OCTETS) return null;
    return {
      credentialId: credential.id,
      publicKey: credential.publicKey,
      counter: credential.counter,
      transports: [...new Set(transports)],
      deviceType: DEVICE_TYPES[credentialDeviceType],
    };
  }

  async authenticationOptions(challenge: string, allowed: readonly Passkey[] | null): Promise<WebAuthnJson> {
    const { extensions, ...options } = await generateAuthenticationOptions({
      rpID: this.#party.rpId,
      challenge: Buffer.from(challenge, 'base64url'),
      allowCredentials: allowed?.map(descriptorOf) ?? [],
      userVerification: allowed ? 'preferred' : 'required',
      timeout: TIMEOUT,
    });
    return options;
  }

  claimOf(response: WebAuthnJson): { readonly challenge: string; readonly credentialId: string } | null {
    const { data } = CredentialResponse.safeParse(response);
    const clientData = data && clientDataOf(data.response.clientDataJSON);
    return clientData ? { challenge: clientData.challenge, credentialId: data.id } : null;
  }

  async verifyAuthentication(
    response: WebAuthnJson,
    challenge: string,
    passkey: Passkey,
  ): Promise<PasskeyProof | null> {
    const { data } = AuthenticationResponse.safeParse(response);
    if (!data || !isOf(passkey, data) || isFramed(data.response.clientDataJSON)) return null;
    const { userHandle, ...rest } = data.response;
    const publicKey = new Uint8Array(passkey.publicKey);
    const answer = await unlessRefused(async () => {
      refuseLooseSignatures(rest.signature, publicKey);
      return verifyAuthenticationResponse({
        response: { ...data, response: rest, clientExtensionResults: {} },
        expectedChallenge: challenge,
        expectedOrigin: [...this.#party.origins],
        expectedRPID: this.#party.rpId,
        requireUserVerification: false,
        credential: { id: passkey.credentialId, publicKey, counter: passkey.counter },
      });
    });
    if (!answer?.verified) return null;
    const { newCounter, userVerified, credentialDeviceType } = answer.authenticationInfo;
    // Whether a credential can be synchronised is settled when it is made (section 7.2).
    if (DEVICE_TYPES[credentialDeviceType] !== passkey.deviceType) return null;
    return { counter: newCounter, userVerified };
  }
}

/** The octets of the UUID: what an authenticator keeps tells nothing of the person. */
const userHandleOf = (userId: UserId): Buffer<ArrayBuffer> => Buffer.from(octetsOfUuid(userId));

const descriptorOf = ({ credentialId, transports }: Passkey) => ({
  id: credentialId,
  transports: [...transports],
});

/** Whether a response names this passkey and, where it names anybody, its owner. */
const isOf = (passkey: Passkey, { id, response }: AuthenticationResponse): boolean =>
  id === passkey.credentialId &&
  (response.userHandle == null || response.userHandle === userHandleOf(passkey.userId).toString('base64url'));

/** Whether the page was within another one, or it cannot be read. No page of ours is to be framed. */
function isFramed(clientDataJSON: string): boolean {
  const clientData = clientDataOf(clientDataJSON);
  return clientData === null || clientData.crossOrigin === true || clientData.topOrigin !== undefined;
}

/** @throws {Error} for an attestation that is not to be looked at */
function refuseForeignStatements(attestationObject: string): void {
  const format = decodeAttestationObject(Buffer.from(attestationObject, 'base64url')).get('fmt');
  if (ATTESTATION_FORMATS.has(format)) return;
  throw new Error(`Attestations of the format ${format} are not verified.`);
}

/**
 * An ECDSA signature is one DER sequence (section 6.5.5); the library would read it with another tag or length before it, or more behind.
 *
 * @throws {Error} for one that is written otherwise
 */
function refuseLooseSignatures(signature: string, publicKey: Uint8Array<ArrayBuffer>): void {
  if (decodeCredentialPublicKey(publicKey).get(cose.COSEKEYS.alg) !== COSEALG.ES256) return;
  const octets = Buffer.from(signature, 'base64url');
  if (octets[0] !== 0x30 || octets[1] !== octets.length - 2) {
    throw new Error('The signature is no DER sequence.');
  }
}

/** The library says by throwing both that a response is refused and that it cannot be read: it does nothing else that could fail. */
async function unlessRefused<Verified>(verify: () => Promise<Verified>): Promise<Verified | null> {
  try {
    return await verify();
  } catch {
    return null;
  }
}
