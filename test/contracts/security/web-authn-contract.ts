import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { WebAuthn, WebAuthnJson } from '../../../src/application/ports/security/web-authn.ts';
import { FOREIGN_CEREMONIES } from './foreign-ceremonies.ts';
import { MALFORMED, malformedOf } from './malformed-responses.ts';
import {
  type AuthenticationJson,
  type RegistrationJson,
  SoftwareAuthenticator,
} from './software-authenticator.ts';
import { newChallenge, OWNER, WebAuthnCeremonies } from './web-authn-ceremonies.ts';

/** The relying party's side, and for whom it was made. */
export interface WebAuthnFixture {
  readonly webAuthn: WebAuthn;
  readonly rpId: string;
  /** Every origin that counts: two or more. */
  readonly origins: readonly string[];
}

const OTHER_USER = '01900000-0000-7000-8000-0000000000c2';

const octetsOf = (base64url: unknown): Buffer => Buffer.from(String(base64url), 'base64url');

/** The response with other members in its `response`. */
const withResponse = (
  response: RegistrationJson | AuthenticationJson,
  given: Readonly<Record<string, unknown>>,
): WebAuthnJson => ({ ...response, response: { ...response.response, ...given } });

/** The client data with one more member: a signature over it fits no longer. */
function noted(clientDataJSON: string): string {
  const clientData = JSON.parse(octetsOf(clientDataJSON).toString()) as object;
  return Buffer.from(JSON.stringify({ ...clientData, note: 'more' })).toString('base64url');
}

/** The value with one octet changed. */
function changed(base64url: string, index: number): string {
  const octets = octetsOf(base64url);
  octets[index] = octets[index]! ^ 1;
  return octets.toString('base64url');
}

/** What every relying party's side of WebAuthn does. Its counterpart is an authenticator in software. */
export function webAuthnContract(name: string, make: () => WebAuthnFixture | Promise<WebAuthnFixture>): void {
  describe(`${name} as WebAuthn`, () => {
    let webAuthn: WebAuthn;
    let rpId: string;
    let origins: readonly string[];
    let origin: string;
    let ceremonies: WebAuthnCeremonies;

    beforeEach(async () => {
      ({ webAuthn, rpId, origins } = await make());
      origin = origins[0]!;
      ceremonies = new WebAuthnCeremonies(webAuthn, origin);
    });

    describe('asking for a new passkey', () => {
      it('asks for a discoverable credential of its relying party, and for no word of the maker', async () => {
        const options = await webAuthn.registrationOptions(OWNER, newChallenge(), []);
        expect(options).to.deep.include({ attestation: 'none', excludeCredentials: [] });
        expect(options).to.have.nested.property('rp.id', rpId);
        expect(options).to.have.nested.property('rp.name').that.is.a('string').and.is.not.empty;
        expect(options['authenticatorSelection']).to.deep.include({
          residentKey: 'required',
          userVerification: 'preferred',
        });
      });

      it('offers ES256, EdDSA and RS256, in this order', async () => {
        const options = await webAuthn.registrationOptions(OWNER, newChallenge(), []);
        expect(options['pubKeyCredParams']).to.deep.equal(
          [-7, -8, -257].map((alg) => ({ alg, type: 'public-key' })),
        );
      });

      it("has the authenticator keep the octets of the user's UUID, and show his name", async () => {
        const options = await webAuthn.registrationOptions(OWNER, newChallenge(), []);
        const { user } = options as { user: { id: string; name: string; displayName: string } };
        expect(octetsOf(user.id).toString('hex')).to.equal(OWNER.userId.replaceAll('-', ''));
        expect(user).to.include({ name: OWNER.name, displayName: OWNER.name });
      });

      it('has the browser sign the very challenge', async () => {
        const challenge = newChallenge();
        expect(await webAuthn.registrationOptions(OWNER, challenge, [])).to.include({ challenge });
        expect(await webAuthn.authenticationOptions(challenge, null)).to.include({ challenge });
      });

      it('excludes the passkeys that he has, so that no device gets a second one', async () => {
        const { device, passkey } = await ceremonies.newPasskey();
        const options = await webAuthn.registrationOptions(OWNER, newChallenge(), [passkey]);
        expect(options['excludeCredentials']).to.deep.equal([
          { id: passkey.credentialId, type: 'public-key', transports: ['usb'] },
        ]);
        expect(() => device.create(options, { origin })).to.throw('InvalidStateError');
      });

      it('gives JSON', async () => {
        const { passkey } = await ceremonies.newPasskey();
        for (const options of [
          await webAuthn.registrationOptions(OWNER, newChallenge(), [passkey]),
          await webAuthn.authenticationOptions(newChallenge(), [passkey]),
          await webAuthn.authenticationOptions(newChallenge(), null),
        ]) {
          expect(JSON.parse(JSON.stringify(options))).to.deep.equal(options);
        }
      });
    });

    describe('asking for an answer', () => {
      it('lists the passkeys to choose from with their transports, and prefers user verification', async () => {
        const passkeys = [
          (await ceremonies.newPasskey()).passkey,
          (await ceremonies.newPasskey({ synchronised: true })).passkey,
        ];
        const options = await webAuthn.authenticationOptions(newChallenge(), passkeys);
        expect(options).to.deep.include({ rpId, userVerification: 'preferred' });
        expect(options['allowCredentials']).to.deep.equal([
          { id: passkeys[0]!.credentialId, type: 'public-key', transports: ['usb'] },
          { id: passkeys[1]!.credentialId, type: 'public-key', transports: ['hybrid', 'internal'] },
        ]);
      });

      it('lists none where anybody may answer, and then requires user verification', async () => {
        expect(await webAuthn.authenticationOptions(newChallenge(), null)).to.deep.include({
          rpId,
          userVerification: 'required',
          allowCredentials: [],
        });
      });
    });

    describe('a new passkey', () => {
      it('is taken on, from every page that counts', async () => {
        for (const from of origins) {
          expect(await ceremonies.register(new SoftwareAuthenticator(), { origin: from })).to.deep.include({
            counter: 0,
            deviceType: 'single-device',
            transports: ['usb'],
          });
        }
      });

      it('is told from one that is synchronised', async () => {
        const { passkey } = await ceremonies.newPasskey({ synchronised: true });
        expect(passkey).to.deep.include({ deviceType: 'multi-device', transports: ['hybrid', 'internal'] });
      });

      it('is taken on without user verification, and without a word about transports', async () => {
        expect(await ceremonies.register(new SoftwareAuthenticator(), { userVerified: false })).to.not.equal(
          null,
        );
        const { transports } =
          (await ceremonies.register(new SoftwareAuthenticator(), {}, (response) =>
            withResponse(response, { transports: undefined }),
          )) ?? {};
        expect(transports).to.deep.equal([]);
      });

      it('is taken on with a statement of the authenticator about itself, but not with a wrong one', async () => {
        const note = (response: RegistrationJson) =>
          withResponse(response, { clientDataJSON: noted(response.response.clientDataJSON) });
        const stating = { attestation: 'packed' } as const;
        expect(await ceremonies.register(new SoftwareAuthenticator(), {}, note)).to.not.equal(null);
        expect(await ceremonies.register(new SoftwareAuthenticator(stating))).to.not.equal(null);
        expect(await ceremonies.register(new SoftwareAuthenticator(stating), {}, note)).to.equal(null);
      });

      it('is known by the id that the authenticator gave it', async () => {
        const { device, passkey } = await ceremonies.newPasskey();
        const response = device.get(await webAuthn.authenticationOptions(newChallenge(), null), { origin });
        expect(response.id).to.equal(passkey.credentialId);
      });

      for (const [where, foreignTo] of Object.entries(FOREIGN_CEREMONIES)) {
        it(`is refused from ${where}`, async () => {
          const foreign = foreignTo({ rpId, origin });
          expect(await ceremonies.register(new SoftwareAuthenticator(), foreign)).to.equal(null);
        });
      }

      it('is refused from the other ceremony', async () => {
        const clientData = { type: 'webauthn.get' };
        expect(await ceremonies.register(new SoftwareAuthenticator(), { clientData })).to.equal(null);
      });

      it('is refused under another id than the authenticator gave it', async () => {
        const id = randomBytes(32).toString('base64url');
        const tamper = (response: WebAuthnJson) => ({ ...response, id, rawId: id });
        expect(await ceremonies.register(new SoftwareAuthenticator(), {}, tamper)).to.equal(null);
      });

      it('is refused where an answer by passkey stands in its place', async () => {
        const { device } = await ceremonies.newPasskey();
        const challenge = newChallenge();
        const answer = device.get(await webAuthn.authenticationOptions(challenge, null), {
          origin,
          clientData: { type: 'webauthn.create' },
        });
        expect(await webAuthn.verifyRegistration(answer, challenge)).to.equal(null);
      });
    });

    describe('an answer', () => {
      it('proves the passkey, from every page that counts, time and again', async () => {
        const made = await ceremonies.newPasskey();
        let { passkey } = made;
        for (const from of [...origins, ...origins]) {
          const proof = await ceremonies.authenticate({ ...made, passkey }, { origin: from });
          expect(proof).to.deep.equal({ counter: passkey.counter + 1, userVerified: true });
          passkey = { ...passkey, counter: passkey.counter + 1 };
        }
      });

      it('tells whether the authenticator made sure of its owner', async () => {
        const made = await ceremonies.newPasskey();
        expect(await ceremonies.authenticate(made, { userVerified: false })).to.include({
          userVerified: false,
        });
      });

      it('proves a synchronised passkey, and one of an authenticator that does not count', async () => {
        const made = await ceremonies.newPasskey({ synchronised: true, counts: false });
        for (let time = 0; time < 3; time += 1) {
          expect(await ceremonies.authenticate(made)).to.deep.equal({ counter: 0, userVerified: true });
        }
      });

      it('counts where no passkey was named, and where the browser leaves the owner out', async () => {
        const { device, passkey } = await ceremonies.newPasskey();
        const challenge = newChallenge();
        const answer = device.get(await webAuthn.authenticationOptions(challenge, null), { origin });
        const nameless = withResponse(answer, { userHandle: undefined });
        expect(await webAuthn.verifyAuthentication(answer, challenge, passkey)).to.not.equal(null);
        expect(await webAuthn.verifyAuthentication(nameless, challenge, passkey)).to.not.equal(null);
      });

      for (const [where, foreignTo] of Object.entries(FOREIGN_CEREMONIES)) {
        it(`is refused from ${where}`, async () => {
          const made = await ceremonies.newPasskey();
          expect(await ceremonies.authenticate(made, foreignTo({ rpId, origin }))).to.equal(null);
        });
      }

      it('is refused from the other ceremony', async () => {
        const clientData = { type: 'webauthn.create' };
        expect(await ceremonies.authenticate(await ceremonies.newPasskey(), { clientData })).to.equal(null);
      });

      it('is refused where anything that is signed was changed, or the signature', async () => {
        const made = await ceremonies.newPasskey();
        for (const member of ['signature', 'authenticatorData', 'clientDataJSON'] as const) {
          for (const index of [0, 20, 35]) {
            const proof = await ceremonies.authenticate(made, {}, (answer) =>
              withResponse(answer, { [member]: changed(answer.response[member], index) }),
            );
            expect(proof, `${member} at ${index}`).to.equal(null);
          }
        }
      });

      it('is refused where its signature is written in another way than DER', async () => {
        const made = await ceremonies.newPasskey();
        const loose: readonly ((der: Buffer) => Buffer)[] = [
          (der) => Buffer.concat([der, Buffer.of(0)]),
          (der) => Buffer.concat([der, der]),
          (der) => Buffer.concat([Buffer.of(0xb0), der.subarray(1)]),
          (der) => Buffer.concat([der.subarray(0, 1), Buffer.of(0x7f), der.subarray(2)]),
          (der) => Buffer.concat([der.subarray(0, 1), Buffer.of(0x81), der.subarray(1)]),
        ];
        for (const [index, rewrite] of loose.entries()) {
          const proof = await ceremonies.authenticate(made, {}, (answer) => {
            const signature = rewrite(octetsOf(answer.response.signature)).toString('base64url');
            return withResponse(answer, { signature });
          });
          expect(proof, String(index)).to.equal(null);
        }
      });

      it('is refused with the signature of another answer', async () => {
        const made = await ceremonies.newPasskey();
        const options = await webAuthn.authenticationOptions(newChallenge(), null);
        const { signature } = made.device.get(options, { origin }).response;
        expect(
          await ceremonies.authenticate(made, {}, (answer) => withResponse(answer, { signature })),
        ).to.equal(null);
      });

      it('is refused by the key of another passkey, under whichever id', async () => {
        const [one, another] = [await ceremonies.newPasskey(), await ceremonies.newPasskey()];
        const challenge = newChallenge();
        const options = await webAuthn.authenticationOptions(challenge, null);
        const answer = one.device.get(options, { origin });
        const id = another.passkey.credentialId;
        expect(await webAuthn.verifyAuthentication(answer, challenge, another.passkey)).to.equal(null);
        const renamed = { ...answer, id, rawId: id };
        expect(await webAuthn.verifyAuthentication(renamed, challenge, another.passkey)).to.equal(null);
        expect(await webAuthn.verifyAuthentication(renamed, challenge, one.passkey)).to.equal(null);
        expect(await webAuthn.verifyAuthentication(answer, challenge, one.passkey)).to.not.equal(null);
      });

      it('is refused where the authenticator keeps the passkey for somebody else', async () => {
        const made = await ceremonies.newPasskey();
        const others = { ...made, passkey: { ...made.passkey, userId: OTHER_USER } };
        expect(await ceremonies.authenticate(others)).to.equal(null);
        expect(await ceremonies.authenticate(made)).to.not.equal(null);
      });

      it('is refused where the counter has not grown', async () => {
        const made = await ceremonies.newPasskey();
        const used = { ...made, passkey: { ...made.passkey, counter: 7 } };
        for (const counter of [0, 1, 6, 7]) {
          expect(await ceremonies.authenticate(used, { counter })).to.equal(null);
        }
        expect(await ceremonies.authenticate(used, { counter: 8 })).to.deep.equal({
          counter: 8,
          userVerified: true,
        });
        const last = 2 ** 32 - 1;
        expect(await ceremonies.authenticate(used, { counter: last })).to.deep.include({ counter: last });
      });

      it('is refused from the copy of a device that was used since', async () => {
        const { device, passkey } = await ceremonies.newPasskey();
        const copy = device.clone();
        const proof = await ceremonies.authenticate({ device, passkey });
        const used = { ...passkey, counter: proof?.counter ?? expect.fail('The first answer was refused.') };
        expect(await ceremonies.authenticate({ device: copy, passkey: used })).to.equal(null);
        expect(await ceremonies.authenticate({ device, passkey: used })).to.not.equal(null);
      });

      it('is refused where a passkey of one device turns out to be synchronised, and the other way round', async () => {
        for (const [synchronised, deviceType] of [
          [true, 'single-device'],
          [false, 'multi-device'],
        ] as const) {
          const made = await ceremonies.newPasskey({ synchronised });
          expect(
            await ceremonies.authenticate({ ...made, passkey: { ...made.passkey, deviceType } }),
          ).to.equal(null);
        }
      });

      it('is refused where the key that is kept is none', async () => {
        const made = await ceremonies.newPasskey();
        for (const publicKey of [new Uint8Array(), new Uint8Array(77), made.passkey.publicKey.slice(0, -1)]) {
          expect(
            await ceremonies.authenticate({ ...made, passkey: { ...made.passkey, publicKey } }),
          ).to.equal(null);
        }
      });
    });

    describe('the claim of a response', () => {
      it('is its challenge and its credential, of a registration and of an answer, true or not', async () => {
        const device = new SoftwareAuthenticator();
        const challenge = newChallenge();
        const created = device.create(await webAuthn.registrationOptions(OWNER, challenge, []), {
          origin: 'https://evil.example',
        });
        const answer = device.get(await webAuthn.authenticationOptions(challenge, null), { origin });
        const claim = { challenge, credentialId: created.id };
        expect(webAuthn.claimOf(created)).to.deep.equal(claim);
        expect(webAuthn.claimOf(answer)).to.deep.equal(claim);
        expect(webAuthn.claimOf(withResponse(answer, { signature: 'AAAA' }))).to.deep.equal(claim);
      });
    });

    describe('what is no response', () => {
      for (const [what, value] of Object.entries(MALFORMED)) {
        it(`is refused without a fault: ${what}`, async () => {
          const { passkey } = await ceremonies.newPasskey();
          const response = value as WebAuthnJson;
          expect(await webAuthn.verifyRegistration(response, newChallenge())).to.equal(null);
          expect(await webAuthn.verifyAuthentication(response, newChallenge(), passkey)).to.equal(null);
          expect(webAuthn.claimOf(response)).to.equal(null);
        });
      }

      it('is refused without a fault where one member of it is something else', async () => {
        const { device, passkey } = await ceremonies.newPasskey();
        const challenge = newChallenge();
        const asked = await webAuthn.registrationOptions(OWNER, challenge, []);
        const created = new SoftwareAuthenticator().create(asked, { origin });
        const answer = device.get(await webAuthn.authenticationOptions(challenge, null), { origin });
        for (const [what, response] of malformedOf(created)) {
          expect(await webAuthn.verifyRegistration(response, challenge), what).to.equal(null);
        }
        for (const [what, response] of malformedOf(answer)) {
          expect(await webAuthn.verifyAuthentication(response, challenge, passkey), what).to.equal(null);
        }
        expect(await webAuthn.verifyRegistration(created, challenge)).to.not.equal(null);
        expect(await webAuthn.verifyAuthentication(answer, challenge, passkey)).to.not.equal(null);
      });
    });
  });
}
