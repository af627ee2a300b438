import { expect } from 'chai';
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { createEd25519Key } from '../../../src/adapters/crypto/ed25519-key.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import type { AccessTokenClaims } from '../../../src/domain/access/access-token.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';
import { accessTokensContract } from '../../contracts/security/access-tokens-contract.ts';
import { rejectionOf } from '../../contracts/security/rejection-of.ts';
import { anEntry, NOW, SCOPE, TTL_SECONDS, keyWorld } from './key-world.ts';

const after = (seconds: number): Date => addSeconds(NOW, seconds);

const CLAIMS: AccessTokenClaims = {
  userId: '01900000-0000-7000-8000-0000000000a1',
  tenantId: '01900000-0000-7000-8000-0000000000a2',
  sessionId: '01900000-0000-7000-8000-0000000000a3',
  role: 'patient',
  epoch: 1,
  amr: ['pwd'],
  authTime: NOW,
};

async function startedWorld() {
  const world = keyWorld();
  await world.signingKeys.ensure(NOW);
  return world;
}

accessTokensContract('JoseTokenSigner and JoseTokenVerifier', async () => {
  const { signer, verifier } = await startedWorld();
  return { tokenSigner: signer, tokenVerifier: verifier };
});

describe('JoseTokenSigner', () => {
  let world: Awaited<ReturnType<typeof startedWorld>>;

  beforeEach(async () => {
    world = await startedWorld();
  });

  it('writes the header of RFC 9068 with the id of the current key', async () => {
    const { token } = await world.signer.sign(CLAIMS, NOW);
    const { kid } = await world.signingKeys.current(NOW);
    expect(decodeProtectedHeader(token)).to.deep.equal({ alg: 'EdDSA', typ: 'at+jwt', kid });
  });

  it('writes ids and times, and nothing personal', async () => {
    const { token, expiresInSeconds } = await world.signer.sign(CLAIMS, new Date(NOW.getTime() + 999));
    const iat = NOW.getTime() / 1000;
    expect(expiresInSeconds).to.equal(TTL_SECONDS);
    expect(decodeJwt(token)).to.deep.equal({
      iss: SCOPE.issuer,
      aud: 'casegate',
      sub: CLAIMS.userId,
      client_id: 'casegate',
      jti: '01900000-0000-7000-8000-000000000001',
      iat,
      exp: iat + TTL_SECONDS,
      tid: CLAIMS.tenantId,
      sid: CLAIMS.sessionId,
      role: 'patient',
      epoch: 1,
      acr: 'aal1',
      amr: ['pwd'],
      auth_time: iat,
    });
  });

  it('says which level the methods reach together', async () => {
    const { token } = await world.signer.sign({ ...CLAIMS, amr: ['pwd', 'otp', 'mfa'] }, NOW);
    expect(decodeJwt(token)).to.deep.include({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
  });

  it('gives each token an id of its own', async () => {
    const tokens = await Promise.all([world.signer.sign(CLAIMS, NOW), world.signer.sign(CLAIMS, NOW)]);
    expect(tokens[0].token).to.not.equal(tokens[1].token);
  });

  it('signs so that the published key verifies it', async () => {
    const { token } = await world.signer.sign(CLAIMS, NOW);
    const [published] = await world.signingKeys.publicKeys(NOW);
    const { payload } = await jwtVerify(token, await importJWK({ ...published! }), { currentDate: NOW });
    expect(payload.sub).to.equal(CLAIMS.userId);
  });

  it('signs with the new key after a rotation', async () => {
    const { kid } = await world.signingKeys.rotate(after(1), anEntry());
    const { token } = await world.signer.sign(CLAIMS, after(1));
    expect(decodeProtectedHeader(token).kid).to.equal(kid);
  });

  it('is unavailable without a key', async () => {
    expect(await rejectionOf(keyWorld().signer.sign(CLAIMS, NOW))).to.be.instanceOf(Unavailable);
  });
});

describe('JoseTokenVerifier', () => {
  let world: Awaited<ReturnType<typeof startedWorld>>;

  beforeEach(async () => {
    world = await startedWorld();
  });

  it('takes tokens of a key that another process made a moment ago', async () => {
    await world.elsewhere.rotate(after(1), anEntry());
    const { token } = await world.signerElsewhere.sign(CLAIMS, after(1));
    expect(await world.verifier.verify(token, after(1))).to.deep.equal(CLAIMS);
  });

  it('takes tokens of a retired key until they expire', async () => {
    const { token } = await world.signer.sign(CLAIMS, NOW);
    await world.signingKeys.rotate(after(1), anEntry());
    expect(await world.verifier.verify(token, after(TTL_SECONDS - 1))).to.deep.equal(CLAIMS);
    expect(await world.verifier.verify(token, after(TTL_SECONDS))).to.equal(null);
  });

  for (const verifiedBefore of [true, false]) {
    it(`takes no token of a key that ended, ${verifiedBefore ? '' : 'not '}verified before`, async () => {
      const { token } = await world.signer.sign(CLAIMS, NOW);
      if (verifiedBefore) expect(await world.verifier.verify(token, NOW)).to.deep.equal(CLAIMS);
      await world.memory.addAndRetireOthers(
        await createEd25519Key(world.masterKey, NOW),
        after(5),
        anEntry(),
      );
      await world.signingKeys.reload(NOW);
      expect(await world.verifier.verify(token, after(5))).to.equal(null);
      expect(await world.verifier.verify(token, after(4))).to.deep.equal(CLAIMS);
    });
  }

  it('checks the signature of a token that counts once, and of one that does not each time', async () => {
    const { token } = await world.signer.sign(CLAIMS, NOW);
    const forged = `${token.slice(0, -86)}${'A'.repeat(86)}`;
    const checks = await countSignatureChecks(async () => {
      for (let request = 0; request < 5; request += 1) {
        expect(await world.verifier.verify(token, after(request))).to.deep.equal(CLAIMS);
      }
    });
    const checksOfForged = await countSignatureChecks(async () => {
      for (let request = 0; request < 5; request += 1) {
        expect(await world.verifier.verify(forged, after(request))).to.equal(null);
      }
    });
    expect([checks, checksOfForged]).to.deep.equal([1, 5]);
  });

  it('takes a token again that it refused for its time, once the time has come', async () => {
    const { token } = await world.signer.sign(CLAIMS, after(31));
    expect(await world.verifier.verify(token, NOW)).to.equal(null);
    expect(await world.verifier.verify(token, after(1))).to.deep.equal(CLAIMS);
    expect(await world.verifier.verify(token, NOW)).to.equal(null);
  });

  it('refuses what is no token of ours without asking the store, even while that is out of reach', async () => {
    world.store.failure = new Error('connection refused');
    world.store.readings = 0;
    const cold = keyWorld();
    cold.store.failure = world.store.failure;
    for (const text of ['', 'a.b.c', 'x'.repeat(5_000), `e30.e30.${'A'.repeat(86)}`]) {
      expect(await cold.verifier.verify(text, NOW)).to.equal(null);
      expect(await world.verifier.verify(text, NOW)).to.equal(null);
    }
    expect(cold.store.readings + world.store.readings).to.equal(0);
  });

  it('is unavailable where the keys cannot be read', async () => {
    const { token } = await world.signer.sign(CLAIMS, NOW);
    const cold = keyWorld();
    cold.store.failure = new Error('connection refused');
    expect(await rejectionOf(cold.verifier.verify(token, NOW))).to.be.instanceOf(Unavailable);
  });
});

/** How many signatures Web Cryptography checks meanwhile. */
async function countSignatureChecks(act: () => Promise<void>): Promise<number> {
  const { subtle } = globalThis.crypto;
  const verify = subtle.verify.bind(subtle);
  let checks = 0;
  Object.defineProperty(subtle, 'verify', {
    configurable: true,
    value: (...given: Parameters<typeof verify>) => {
      checks += 1;
      return verify(...given);
    },
  });
  try {
    await act();
  } finally {
    Reflect.deleteProperty(subtle, 'verify');
  }
  return checks;
}
