import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { expect } from 'chai';
import fc from 'fast-check';
import { SimpleWebAuthn } from '../../../src/adapters/second-factors/simple-web-authn.ts';
import type { WebAuthnJson } from '../../../src/application/ports/security/web-authn.ts';
import type {
  AuthenticationJson,
  RegistrationJson,
} from '../../contracts/security/software-authenticator.ts';
import {
  type KeptPasskey,
  newChallenge,
  OWNER,
  WebAuthnCeremonies,
} from '../../contracts/security/web-authn-ceremonies.ts';
import { ANDROID_KEY_ATTESTATION } from './android-key-attestation.ts';

const ORIGIN = 'http://localhost:3000';

const octetsOf = (base64url: string): Buffer<ArrayBuffer> => Buffer.from(base64url, 'base64url');

/** A list as CBOR writes it, of so many lists within each other. */
const deepCbor = (depth: number): Buffer => Buffer.alloc(depth, 0x81);

/** The response with any one of its members replaced, at either level. */
const tampered = (response: RegistrationJson | AuthenticationJson): fc.Arbitrary<WebAuthnJson> => {
  const outer = fc.constantFrom('id', 'rawId', 'type', 'response');
  const inner = fc.constantFrom(...Object.keys(response.response));
  return fc.oneof(
    fc.tuple(outer, fc.jsonValue()).map(([member, value]) => ({ ...response, [member]: value })),
    fc
      .tuple(inner, fc.oneof(fc.jsonValue(), fc.base64String({ size: 'large' })))
      .map(([member, value]) => ({ ...response, response: { ...response.response, [member]: value } })),
  );
};

/** The octets with some of them changed, cut off, or more of them. */
const mangled = (base64url: string): fc.Arbitrary<string> => {
  const octets = octetsOf(base64url);
  const position = fc.nat({ max: octets.length - 1 });
  return fc
    .oneof(
      fc.tuple(position, fc.integer({ min: 1, max: 255 })).map(([index, mask]) => {
        const copy = Buffer.from(octets);
        copy[index] = copy[index]! ^ mask;
        return copy;
      }),
      position.map((length) => octets.subarray(0, length)),
      fc.uint8Array({ minLength: 1, maxLength: 64 }).map((more) => Buffer.concat([octets, more])),
    )
    .map((changed) => changed.toString('base64url'));
};

describe('SimpleWebAuthn, before hostile responses', () => {
  const webAuthn = new SimpleWebAuthn({ rpName: 'Casegate', rpId: 'localhost', origins: [ORIGIN] });
  const ceremonies = new WebAuthnCeremonies(webAuthn, ORIGIN);
  let kept: KeptPasskey;
  let challenge: string;
  let created: RegistrationJson;
  let answer: AuthenticationJson;

  beforeEach(async () => {
    kept = await ceremonies.newPasskey();
    challenge = newChallenge();
    created = kept.device.create(await webAuthn.registrationOptions(OWNER, challenge, []), {
      origin: ORIGIN,
    });
    const asked = await webAuthn.authenticationOptions(challenge, [kept.passkey]);
    answer = kept.device.get(asked, { origin: ORIGIN });
  });

  const attestWith = (change: (attestation: Map<string, unknown>) => void): WebAuthnJson => {
    const attestation = isoCBOR.decodeFirst<Map<string, unknown>>(
      octetsOf(created.response.attestationObject),
    );
    change(attestation);
    const encoded = Buffer.from(isoCBOR.encode(attestation as Parameters<typeof isoCBOR.encode>[0]));
    const attestationObject = encoded.toString('base64url');
    return { ...created, response: { ...created.response, attestationObject } };
  };

  it('refuses any JSON at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const response = value as unknown as WebAuthnJson;
        expect(await webAuthn.verifyRegistration(response, challenge)).to.equal(null);
        expect(await webAuthn.verifyAuthentication(response, challenge, kept.passkey)).to.equal(null);
        expect(webAuthn.claimOf(response)).to.equal(null);
      }),
      { numRuns: 300 },
    );
  });

  it('never fails over a response of which one member is something else', async () => {
    await fc.assert(
      fc.asyncProperty(tampered(created), tampered(answer), async (registration, assertion) => {
        await webAuthn.verifyRegistration(registration, challenge);
        await webAuthn.verifyAuthentication(assertion, challenge, kept.passkey);
        webAuthn.claimOf(registration);
        webAuthn.claimOf(assertion);
      }),
      { numRuns: 300 },
    );
  });

  it('takes an answer of which one octet differs for none, wherever it is', async () => {
    const { clientDataJSON, authenticatorData, signature } = answer.response;
    for (const [member, value] of Object.entries({ clientDataJSON, authenticatorData, signature })) {
      await fc.assert(
        fc.asyncProperty(mangled(value), async (changed) => {
          const response = { ...answer, response: { ...answer.response, [member]: changed } };
          expect(await webAuthn.verifyAuthentication(response, challenge, kept.passkey)).to.equal(null);
        }),
        { numRuns: 150 },
      );
    }
    expect(await webAuthn.verifyAuthentication(answer, challenge, kept.passkey)).to.not.equal(null);
  });

  it('never takes a mangled registration for one of another credential', async () => {
    await fc.assert(
      fc.asyncProperty(mangled(created.response.attestationObject), async (attestationObject) => {
        const response = { ...created, response: { ...created.response, attestationObject } };
        const registered = await webAuthn.verifyRegistration(response, challenge);
        expect(registered?.credentialId ?? created.id).to.equal(created.id);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses CBOR of any depth, size and kind where an attestation should be', async () => {
    const odd = [deepCbor(48_000), Buffer.alloc(48_000), Buffer.from('bf', 'hex'), Buffer.from('80', 'hex')];
    for (const octets of odd) {
      const response = { ...created.response, attestationObject: octets.toString('base64url') };
      expect(await webAuthn.verifyRegistration({ ...created, response }, challenge)).to.equal(null);
    }
  });

  it('refuses a statement where there should be none, and a key of more than 2,048 octets', async () => {
    const changes: readonly ((attestation: Map<string, unknown>) => void)[] = [
      (attestation) => (attestation.get('attStmt') as Map<string, unknown>).set('alg', -7),
      (attestation) => {
        const authData = Buffer.from(attestation.get('authData') as Uint8Array);
        const key = isoCBOR.decodeFirst<Map<number, unknown>>(new Uint8Array(authData.subarray(87)));
        key.set(-70_000, new Uint8Array(2048));
        const longer = isoCBOR.encode(key as Parameters<typeof isoCBOR.encode>[0]);
        attestation.set('authData', new Uint8Array(Buffer.concat([authData.subarray(0, 87), longer])));
      },
    ];
    for (const change of changes) {
      expect(await webAuthn.verifyRegistration(attestWith(change), challenge)).to.equal(null);
    }
    const unchanged = attestWith(() => undefined);
    expect(await webAuthn.verifyRegistration(unchanged, challenge)).to.not.equal(null);
  });

  it('asks no server on the word of a response', async () => {
    const requests: unknown[] = [];
    const note = (request: unknown): unknown => requests.push(request);
    const { challenge: signed, id, ...response } = ANDROID_KEY_ATTESTATION;
    subscribe('undici:request:create', note);
    try {
      const registration = { id, rawId: id, type: 'public-key', response };
      expect(await webAuthn.verifyRegistration(registration, signed)).to.equal(null);
    } finally {
      unsubscribe('undici:request:create', note);
    }
    expect(requests).to.deep.equal([]);
  });
});
