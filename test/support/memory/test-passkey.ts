import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { WebAuthnJson } from '../../../src/application/ports/security/web-authn.ts';
import type { Passkey } from '../../../src/domain/access/second-factor.ts';

/** What stands in place of an attestation object. */
export const AttestedData = z.object({
  publicKey: z.string(),
  counter: z.number(),
  deviceType: z.enum(['single-device', 'multi-device']),
});

/** What stands in place of authenticator data. */
export const AssertedData = z.object({ counter: z.number(), userVerified: z.boolean() });

const CreationOptions = z.object({ challenge: z.string(), user: z.object({ id: z.string() }) });
const RequestOptions = z.object({ challenge: z.string() });

/** How a passkey is; one that counts nothing always says 0. */
export interface TestPasskeyKind {
  /** `multi-device` unless told. */
  readonly deviceType?: Passkey['deviceType'];
  /** Whether it counts its signatures; it does unless told. */
  readonly counts?: boolean;
  /** Whether it makes sure of its owner; it does unless told. */
  readonly userVerified?: boolean;
}

/** A passkey in software, by its name the same in each run, and the browser before it. Only `TestWebAuthn` takes what it gives. */
export class TestPasskey {
  readonly #name: string;
  readonly #kind: TestPasskeyKind;
  #userHandle = '';
  #counter = 0;

  constructor(name: string, kind: TestPasskeyKind = {}) {
    this.#name = name;
    this.#kind = kind;
  }

  /** How relying parties name it. */
  get credentialId(): string {
    return octetsOf(`credential ${this.#name}`).toString('base64url');
  }

  /** `RegistrationResponseJSON`, the answer to `PublicKeyCredentialCreationOptionsJSON`. */
  create(options: WebAuthnJson): WebAuthnJson {
    const { challenge, user } = CreationOptions.parse(options);
    this.#userHandle = user.id;
    const { deviceType = 'multi-device' } = this.#kind;
    const publicKey = this.#publicKey.toString('base64url');
    return this.#answer({
      clientDataJSON: sealJson({ type: 'webauthn.create', challenge }),
      attestationObject: sealJson({ publicKey, counter: 0, deviceType }),
      transports: ['internal'],
    });
  }

  /** `AuthenticationResponseJSON`, the answer to `PublicKeyCredentialRequestOptionsJSON`. */
  get(options: WebAuthnJson): WebAuthnJson {
    const { challenge } = RequestOptions.parse(options);
    const { counts = true, userVerified = true } = this.#kind;
    if (counts) this.#counter += 1;
    const clientDataJSON = sealJson({ type: 'webauthn.get', challenge });
    const authenticatorData = sealJson({ counter: this.#counter, userVerified });
    const signature = signatureOf(this.#publicKey, authenticatorData, clientDataJSON);
    return this.#answer({ clientDataJSON, authenticatorData, signature, userHandle: this.#userHandle });
  }

  /** A copy as somebody has it who got hold of the key: its counter goes its own way from now on. */
  clone(): TestPasskey {
    const copy = new TestPasskey(this.#name, this.#kind);
    copy.#userHandle = this.#userHandle;
    copy.#counter = this.#counter;
    return copy;
  }

  get #publicKey(): Buffer {
    return octetsOf(`key ${this.#name}`);
  }

  #answer(response: WebAuthnJson): WebAuthnJson {
    const id = this.credentialId;
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }
}

/** What stands in place of a signature. */
export const signatureOf = (
  publicKey: Uint8Array,
  authenticatorData: string,
  clientDataJSON: string,
): string =>
  createHash('sha256').update(publicKey).update(`${authenticatorData}.${clientDataJSON}`).digest('base64url');

/** Reads JSON in base64url; `null` where it is none, or of another shape. */
export function jsonIn<Shape>(schema: z.ZodType<Shape>, base64url: string): Shape | null {
  try {
    return schema.parse(JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8')));
  } catch {
    return null;
  }
}

const sealJson = (value: WebAuthnJson): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const octetsOf = (text: string): Buffer => createHash('sha256').update(text).digest();
