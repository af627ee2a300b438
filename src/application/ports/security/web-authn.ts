import type { Passkey } from '../../../domain/access/second-factor.ts';
import type { UserId } from '../../../domain/shared/ids.ts';

/** JSON as WebAuthn Level 3 defines it for browsers and servers (sections 5.1.8 to 5.1.10). */
export type WebAuthnJson = Readonly<Record<string, unknown>>;

/** What a registration tells of a new passkey. */
export type RegisteredCredential = Pick<
  Passkey,
  'credentialId' | 'publicKey' | 'counter' | 'transports' | 'deviceType'
>;

/** What an answer by passkey proves. */
export interface PasskeyProof {
  readonly counter: number;
  /** Whether the authenticator made sure of its owner: by a PIN, a fingerprint, a face. */
  readonly userVerified: boolean;
}

/** Who registers a passkey, for the browser to show and keep. */
export interface PasskeyOwner {
  readonly userId: UserId;
  /** The address that he signs in with. */
  readonly name: string;
}

/** The relying party's side of WebAuthn Level 3, for the configured public URL. */
export interface WebAuthn {
  /** `PublicKeyCredentialCreationOptionsJSON`: a discoverable credential, user verification preferred. */
  readonly registrationOptions: (
    owner: PasskeyOwner,
    challenge: string,
    existing: readonly Passkey[],
  ) => Promise<WebAuthnJson>;
  /** @returns `null` where the response is no registration that answers `challenge` from a page of ours */
  readonly verifyRegistration: (
    response: WebAuthnJson,
    challenge: string,
  ) => Promise<RegisteredCredential | null>;
  /**
   * `PublicKeyCredentialRequestOptionsJSON`.
   *
   * @param allowed the passkeys to choose from; `null` for whichever the person has, and then user verification is required
   */
  readonly authenticationOptions: (
    challenge: string,
    allowed: readonly Passkey[] | null,
  ) => Promise<WebAuthnJson>;
  /** What a response says of itself, before anything of it is verified; `null` where it is no response at all. */
  readonly claimOf: (
    response: WebAuthnJson,
  ) => { readonly challenge: string; readonly credentialId: string } | null;
  /**
   * Verifies the signature, the origin, the relying party and the flags. The signature counter must have grown since
   * `passkey.counter` where there is one (section 6.1.1).
   *
   * @returns `null` where the response is no answer of this passkey to `challenge`
   */
  readonly verifyAuthentication: (
    response: WebAuthnJson,
    challenge: string,
    passkey: Passkey,
  ) => Promise<PasskeyProof | null>;
}
