import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { v7 as uuid } from 'uuid';
import type {
  PasskeyProof,
  WebAuthn,
  WebAuthnJson,
} from '../../../src/application/ports/security/web-authn.ts';
import type { Passkey } from '../../../src/domain/access/second-factor.ts';
import {
  type Assertion,
  type AuthenticationJson,
  type AuthenticatorKind,
  type Ceremony,
  type RegistrationJson,
  SoftwareAuthenticator,
} from './software-authenticator.ts';

/** Who registers passkeys in the ceremonies. */
export const OWNER = { userId: '01900000-0000-7000-8000-0000000000c1', name: 'person@example.org' };

const NOW = new Date('2026-03-01T09:30:00Z');

/** A challenge as the port wants it. */
export const newChallenge = (): string => randomBytes(32).toString('base64url');

/** A passkey and the device that keeps it. */
export interface KeptPasskey {
  readonly device: SoftwareAuthenticator;
  readonly passkey: Passkey;
}

/** Whole ceremonies between a relying party and devices, for a page of `origin`. What is changed on the way is an argument. */
export class WebAuthnCeremonies {
  readonly #webAuthn: WebAuthn;
  readonly #origin: string;

  constructor(webAuthn: WebAuthn, origin: string) {
    this.#webAuthn = webAuthn;
    this.#origin = origin;
  }

  /** Makes a credential, and gives the passkey that it became; `null` where it was refused. */
  async register(
    device: SoftwareAuthenticator,
    given: Partial<Ceremony> = {},
    tamper: (response: RegistrationJson) => WebAuthnJson = (response) => response,
  ): Promise<Passkey | null> {
    const challenge = newChallenge();
    const options = await this.#webAuthn.registrationOptions(OWNER, challenge, []);
    const response = tamper(device.create(options, { origin: this.#origin, ...given }));
    const registered = await this.#webAuthn.verifyRegistration(response, challenge);
    const rest = { tenantId: uuid(), userId: OWNER.userId, name: 'a key', createdAt: NOW, lastUsedAt: null };
    return registered && { id: uuid(), ...rest, ...registered };
  }

  /** A new device with a passkey that was taken on. */
  async newPasskey(kind: AuthenticatorKind = {}): Promise<KeptPasskey> {
    const device = new SoftwareAuthenticator(kind);
    return { device, passkey: (await this.register(device)) ?? expect.fail('The registration was refused.') };
  }

  /** Signs with the passkey's device, and gives what that proves; `null` where it was refused. */
  async authenticate(
    { device, passkey }: KeptPasskey,
    given: Partial<Assertion> = {},
    tamper: (response: AuthenticationJson) => WebAuthnJson = (response) => response,
  ): Promise<PasskeyProof | null> {
    const challenge = newChallenge();
    const options = await this.#webAuthn.authenticationOptions(challenge, [passkey]);
    const response = tamper(device.get(options, { origin: this.#origin, ...given }));
    return this.#webAuthn.verifyAuthentication(response, challenge, passkey);
  }
}
