import { generateKeyPairSync, hash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { z } from 'zod';
import type { WebAuthnJson } from '../../../src/application/ports/security/web-authn.ts';
import { encodeCbor } from './encode-cbor.ts';

/** What kind of device it is. */
export interface AuthenticatorKind {
  /** Whether it counts signatures; `true` unless told. One that does not always says 0. */
  readonly counts?: boolean;
  /** Whether its credentials are synchronised between devices; `false` unless told. */
  readonly synchronised?: boolean;
  /** How it vouches for a credential that it makes: not at all unless told, or with the credential's own key. */
  readonly attestation?: 'none' | 'packed';
}

/** What the browser and the person do in one ceremony. Beside `origin`, the defaults are those of an honest page and its owner. */
export interface Ceremony {
  /** Of the page that asks. A browser would hold it against the RP ID; this authenticator signs for whichever. */
  readonly origin: string;
  /** Whether the person showed a PIN or a finger; `true` unless told, whatever the options ask for. */
  readonly userVerified?: boolean;
  /** Whether anybody touched it; `true` unless told. */
  readonly userPresent?: boolean;
  /** The relying party that is signed for, in place of the options' one. */
  readonly rpId?: string;
  /** Members of the client data that say something else than they would: `type`, `challenge`, `crossOrigin` … */
  readonly clientData?: Readonly<Record<string, unknown>>;
}

/** How a credential is used. */
export interface Assertion extends Ceremony {
  /** Which of the credentials that would do is used; the youngest unless told. */
  readonly credentialId?: string;
  /** The signature counter that is told and kept, in place of the next one. */
  readonly counter?: number;
}

interface Envelope<Response> extends WebAuthnJson {
  readonly id: string;
  readonly rawId: string;
  readonly type: 'public-key';
  readonly authenticatorAttachment: 'platform' | 'cross-platform';
  readonly clientExtensionResults: WebAuthnJson;
  readonly response: Response;
}

/** `RegistrationResponseJSON`, as `PublicKeyCredential.toJSON()` gives it after `create()`. */
export type RegistrationJson = Envelope<{
  readonly clientDataJSON: string;
  readonly attestationObject: string;
  readonly transports: readonly string[];
}>;

/** `AuthenticationResponseJSON`, as `PublicKeyCredential.toJSON()` gives it after `get()`. */
export type AuthenticationJson = Envelope<{
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  readonly userHandle: string;
}>;

interface Credential {
  readonly id: string;
  readonly rpId: string;
  readonly userHandle: string;
  readonly privateKey: KeyObject;
  counter: number;
}

/** COSE algorithm ES256 (RFC 9053, section 2.1). */
const ES256 = -7;
/** Flags of authenticator data (WebAuthn Level 3, section 6.1). */
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const ATTESTED_CREDENTIAL = 0x40;

const Descriptors = z.array(z.object({ id: z.string(), type: z.literal('public-key') })).default([]);

const CreationOptions = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.string(), alg: z.number() })),
  excludeCredentials: Descriptors,
});

const RequestOptions = z.object({ challenge: z.string(), rpId: z.string(), allowCredentials: Descriptors });

/**
 * An authenticator and the browser before it, in software: makes discoverable ES256 credentials and signs with them, as WebAuthn
 * Level 3 has it. Tests give it the options that the service answered with, and send back what it gives. It does as it is told:
 * where a browser would refuse a page, or an authenticator would ask for a PIN, it signs, so that the service's refusals can be seen.
 */
export class SoftwareAuthenticator {
  readonly #kind: AuthenticatorKind;
  readonly #credentials: Credential[];

  constructor(kind: AuthenticatorKind = {}, credentials: readonly Credential[] = []) {
    this.#kind = kind;
    this.#credentials = credentials.map((credential) => ({ ...credential }));
  }

  /**
   * `navigator.credentials.create()`.
   *
   * @param options `PublicKeyCredentialCreationOptionsJSON`
   * @throws {Error} where it holds one of the excluded credentials (`InvalidStateError`), or ES256 is not asked for
   * @throws {z.ZodError} for options that no browser would take
   */
  create(options: WebAuthnJson, ceremony: Ceremony): RegistrationJson {
    const asked = CreationOptions.parse(options);
    if (!asked.pubKeyCredParams.some(({ alg }) => alg === ES256)) throw new Error('ES256 is not asked for.');
    const excluded = asked.excludeCredentials.map(({ id }) => id);
    if (this.#credentials.some(({ id }) => excluded.includes(id))) {
      throw new Error('InvalidStateError: the authenticator holds an excluded credential.');
    }
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = randomBytes(32);
    const rpId = ceremony.rpId ?? asked.rp.id;
    const credential = { id: base64url(id), rpId, userHandle: asked.user.id, privateKey, counter: 0 };
    this.#credentials.push(credential);
    const clientData = clientDataOf('webauthn.create', asked.challenge, ceremony);
    const attested = Buffer.concat([Buffer.alloc(16), uint16(id.length), id, coseKeyOf(publicKey)]);
    const flags = this.#flagsOf(ceremony) + ATTESTED_CREDENTIAL;
    const authData = Buffer.concat([authenticatorData(rpId, flags, 0), attested]);
    return this.#envelope(credential.id, {
      clientDataJSON: base64url(clientData),
      attestationObject: base64url(this.#attest(authData, clientData, privateKey)),
      transports: this.#kind.synchronised ? ['hybrid', 'internal'] : ['usb'],
    });
  }

  /**
   * `navigator.credentials.get()`.
   *
   * @param options `PublicKeyCredentialRequestOptionsJSON`; without `allowCredentials` any credential for its RP ID will do
   * @throws {Error} where it has no credential that would do (`NotAllowedError`)
   * @throws {z.ZodError} for options that no browser would take
   */
  get(options: WebAuthnJson, assertion: Assertion): AuthenticationJson {
    const asked = RequestOptions.parse(options);
    const allowed = asked.allowCredentials.map(({ id }) => id);
    const credential = this.#credentials
      .filter(({ id, rpId }) => rpId === asked.rpId && (allowed.length === 0 || allowed.includes(id)))
      .findLast(({ id }) => id === (assertion.credentialId ?? id));
    if (!credential) throw new Error('NotAllowedError: the authenticator has no credential that would do.');
    credential.counter = assertion.counter ?? (this.#kind.counts === false ? 0 : credential.counter + 1);
    const clientData = clientDataOf('webauthn.get', asked.challenge, assertion);
    const rpId = assertion.rpId ?? asked.rpId;
    const authData = authenticatorData(rpId, this.#flagsOf(assertion), credential.counter);
    return this.#envelope(credential.id, {
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(authData),
      signature: base64url(signatureOf(authData, clientData, credential.privateKey)),
      userHandle: credential.userHandle,
    });
  }

  /** A copy with the same credentials, whose counters go their own ways from now on. */
  clone(): SoftwareAuthenticator {
    return new SoftwareAuthenticator(this.#kind, this.#credentials);
  }

  #flagsOf({ userPresent = true, userVerified = true }: Ceremony): number {
    const backup = this.#kind.synchronised ? BACKUP_ELIGIBLE + BACKED_UP : 0;
    return (userPresent ? USER_PRESENT : 0) + (userVerified ? USER_VERIFIED : 0) + backup;
  }

  #attest(authData: Buffer, clientData: Buffer, privateKey: KeyObject): Buffer {
    const fmt = this.#kind.attestation ?? 'none';
    const sig = signatureOf(authData, clientData, privateKey);
    const attStmt = fmt === 'packed' ? { alg: ES256, sig } : {};
    return encodeCbor(new Map(Object.entries({ fmt, attStmt: new Map(Object.entries(attStmt)), authData })));
  }

  #envelope<Response>(id: string, response: Response): Envelope<Response> {
    return {
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: this.#kind.synchronised ? 'platform' : 'cross-platform',
      clientExtensionResults: {},
      response,
    };
  }
}

const base64url = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');

function uint16(value: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeUInt16BE(value);
  return octets;
}

/** `CollectedClientData` (section 5.8.1). */
const clientDataOf = (type: string, challenge: string, { origin, clientData }: Ceremony): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...clientData }));

/** Authenticator data (section 6.1) up to the counter. */
function authenticatorData(rpId: string, flags: number, counter: number): Buffer {
  const counterOctets = Buffer.alloc(4);
  counterOctets.writeUInt32BE(counter);
  return Buffer.concat([hash('sha256', rpId, 'buffer'), Buffer.of(flags), counterOctets]);
}

/** An ECDSA signature over the authenticator data and the hash of the client data (section 6.3.3). */
const signatureOf = (authData: Buffer, clientData: Buffer, privateKey: KeyObject): Buffer =>
  sign('sha256', Buffer.concat([authData, hash('sha256', clientData, 'buffer')]), privateKey);

/** The public key as COSE_Key (RFC 9053, section 7.1.1): EC2, ES256, P-256, x and y. */
function coseKeyOf(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const [xOctets, yOctets] = [x, y].map((coordinate) => Buffer.from(coordinate, 'base64url'));
  return encodeCbor(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, ES256],
      [-1, 1],
      [-2, xOctets!],
      [-3, yOctets!],
    ]),
  );
}
