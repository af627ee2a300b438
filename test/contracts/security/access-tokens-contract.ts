import { expect } from 'chai';
import type { TokenSigner, TokenVerifier } from '../../../src/application/ports/security/access-tokens.ts';
import type { AccessTokenClaims } from '../../../src/domain/access/access-token.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';

/** A signer and the verifier of its tokens. */
export interface AccessTokensFixture {
  readonly tokenSigner: TokenSigner;
  readonly tokenVerifier: TokenVerifier;
}

const NOW = new Date('2026-03-01T12:00:00Z');

const CLAIMS: AccessTokenClaims = {
  userId: '01900000-0000-7000-8000-000000000001',
  tenantId: '01900000-0000-7000-8000-000000000002',
  sessionId: '01900000-0000-7000-8000-000000000003',
  role: 'physician',
  epoch: 7,
  amr: ['pwd', 'otp'],
  authTime: new Date('2026-03-01T11:59:00Z'),
};

/** What every pair of token signer and token verifier does. */
export function accessTokensContract(
  name: string,
  make: () => AccessTokensFixture | Promise<AccessTokensFixture>,
): void {
  describe(`${name} as signer and verifier of access tokens`, () => {
    let signer: TokenSigner;
    let verifier: TokenVerifier;

    beforeEach(async () => {
      ({ tokenSigner: signer, tokenVerifier: verifier } = await make());
    });

    it('give back the claims that were signed, each time', async () => {
      const { token } = await signer.sign(CLAIMS, NOW);
      expect(await verifier.verify(token, NOW)).to.deep.equal(CLAIMS);
      expect(await verifier.verify(token, NOW)).to.deep.equal(CLAIMS);
    });

    for (const role of ['patient', 'physician', 'admin'] as const) {
      it(`carry the role ${role}`, async () => {
        const { token } = await signer.sign({ ...CLAIMS, role }, NOW);
        expect((await verifier.verify(token, NOW))?.role).to.equal(role);
      });
    }

    for (const verifiedBefore of [false, true]) {
      it(`let a token ${verifiedBefore ? 'that was verified before' : 'never seen before'} count until it expires`, async () => {
        const { token, expiresInSeconds } = await signer.sign(CLAIMS, NOW);
        if (verifiedBefore) await verifier.verify(token, NOW);
        expect(await verifier.verify(token, addSeconds(NOW, expiresInSeconds))).to.equal(null);
        expect(await verifier.verify(token, addSeconds(NOW, expiresInSeconds - 1))).to.deep.equal(CLAIMS);
      });
    }

    it('let no token outlive its session', async () => {
      const whole = (await signer.sign(CLAIMS, NOW)).expiresInSeconds;
      const { token, expiresInSeconds } = await signer.sign(CLAIMS, NOW, addSeconds(NOW, 30));
      expect(expiresInSeconds).to.equal(30);
      expect(await verifier.verify(token, addSeconds(NOW, 29.999))).to.deep.equal(CLAIMS);
      expect(await verifier.verify(token, addSeconds(NOW, 30))).to.equal(null);
      const longLived = await signer.sign(CLAIMS, NOW, addSeconds(NOW, 100_000));
      expect(longLived.expiresInSeconds).to.equal(whole);
      const dying = await signer.sign(CLAIMS, NOW, addSeconds(NOW, 0.5));
      expect(dying.expiresInSeconds).to.equal(0);
      expect(await verifier.verify(dying.token, addSeconds(NOW, 0.5))).to.equal(null);
    });

    it('take a token from a clock that is half a minute ahead, and none from an hour ahead', async () => {
      const { token: ahead } = await signer.sign(CLAIMS, addSeconds(NOW, 30));
      const { token: farAhead } = await signer.sign(CLAIMS, addSeconds(NOW, 3_600));
      expect(await verifier.verify(ahead, NOW)).to.deep.equal(CLAIMS);
      expect(await verifier.verify(farAhead, NOW)).to.equal(null);
    });

    it('take no token in which any one character was changed', async () => {
      const { token } = await signer.sign(CLAIMS, NOW);
      await verifier.verify(token, NOW);
      for (let index = 0; index < token.length; index += 1) {
        const changed = `${token.slice(0, index)}${token[index] === 'A' ? 'B' : 'A'}${token.slice(index + 1)}`;
        expect(await verifier.verify(changed, NOW), `character ${index}`).to.equal(null);
      }
    });

    it('take nothing that is no token', async () => {
      const { token } = await signer.sign(CLAIMS, NOW);
      const texts = [
        '',
        '.',
        '..',
        'x',
        'null',
        '{}',
        'a.b.c',
        `Bearer ${token}`,
        `${token}.`,
        `${token} `,
        ` ${token}`,
      ];
      const longs = [
        'a'.repeat(100_000),
        '.'.repeat(100_000),
        '\0',
        '\ud800',
        `${token}${'A'.repeat(100_000)}`,
      ];
      for (const text of [...texts, ...longs, token.slice(0, -1), token.toLowerCase()]) {
        expect(await verifier.verify(text, NOW), text.slice(0, 40)).to.equal(null);
      }
    });
  });
}
