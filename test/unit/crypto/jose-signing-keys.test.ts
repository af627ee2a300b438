import { setImmediate as tick } from 'node:timers/promises';
import { expect } from 'chai';
import { calculateJwkThumbprint, generateKeyPair } from 'jose';
import { createEd25519Key } from '../../../src/adapters/crypto/ed25519-key.ts';
import { JoseSigningKeys } from '../../../src/adapters/crypto/jose-signing-keys.ts';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { SealBroken } from '../../../src/adapters/crypto/seal-broken.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';
import { rejectionOf } from '../../contracts/security/rejection-of.ts';
import { signingKeysContract } from '../../contracts/security/signing-keys-contract.ts';
import { anEntry, NOW, TTL_SECONDS, keyWorld } from './key-world.ts';

signingKeysContract('JoseSigningKeys', () => keyWorld().signingKeys);

const UNKNOWN = 'A'.repeat(43);
const after = (seconds: number): Date => addSeconds(NOW, seconds);

/** Until what goes on in the background has ended. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await tick();
}

describe('JoseSigningKeys', () => {
  let world: ReturnType<typeof keyWorld>;

  beforeEach(async () => {
    world = keyWorld();
    await world.signingKeys.ensure(NOW);
  });

  describe('at rest', () => {
    it('name a key by its RFC 7638 thumbprint', async () => {
      const [key] = await world.signingKeys.publicKeys(NOW);
      expect(key).to.include({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' });
      expect(await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x: key!.x })).to.equal(key!.kid);
    });

    it('store the private half sealed and the public half without it', async () => {
      const [stored] = await world.memory.listAccepted(NOW);
      expect(stored!.publicKey).to.have.all.keys('kty', 'crv', 'x');
      expect(Buffer.from(stored!.sealedPrivateKey).includes('"d"')).to.equal(false);
      const opened = world.masterKey.open('signing-key', stored!.sealedPrivateKey, [stored!.kid]);
      expect(JSON.parse(Buffer.from(opened).toString())).to.have.all.keys('kty', 'crv', 'x', 'd');
    });

    it('do not open under another master key, which is a fault and no refusal', async () => {
      const masterKey = new MasterKey(Buffer.alloc(32, 8));
      const keys = new JoseSigningKeys({ signingKeyStore: world.memory, masterKey }, TTL_SECONDS);
      expect(await rejectionOf(keys.ensure(NOW))).to.be.instanceOf(SealBroken);
      expect(await rejectionOf(keys.current(NOW))).to.be.instanceOf(SealBroken);
    });

    it('do not open under the id of another key', async () => {
      const [stored] = await world.memory.listAccepted(NOW);
      await world.memory.addAndRetireOthers({ ...stored!, kid: UNKNOWN }, after(1), anEntry());
      expect(await rejectionOf(world.elsewhere.current(NOW))).to.be.instanceOf(SealBroken);
    });

    it('take the public half from under the seal, not from the column beside it', async () => {
      const { publicKey } = await generateKeyPair('EdDSA', { extractable: true });
      const key = await createEd25519Key(world.masterKey, after(1));
      const planted = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) };
      await world.memory.addAndRetireOthers({ ...key, publicKey: planted }, after(60), anEntry());
      const opened = await world.elsewhere.byKid(key.kid, after(1));
      expect(opened?.publicJwk).to.deep.equal(key.publicKey);
      expect(opened?.publicKey.type).to.equal(publicKey.type);
    });

    it('accept a retired key for the life of a token and five minutes', async () => {
      await world.signingKeys.rotate(after(100), anEntry());
      const [, retired] = await world.signingKeys.list(after(100));
      expect(retired?.acceptedUntil).to.deep.equal(after(100 + TTL_SECONDS + 300));
    });
  });

  describe('in memory', () => {
    it('are read once for many uses', async () => {
      const { kid } = await world.signingKeys.current(NOW);
      world.store.readings = 0;
      for (let use = 0; use < 100; use += 1) {
        await world.signingKeys.current(after(use / 2));
        await world.signingKeys.byKid(kid, after(use / 2));
        await world.signingKeys.publicKeys(after(use / 2));
      }
      expect(world.store.readings).to.equal(0);
    });

    it('are read once for all who come first at once', async () => {
      const keys = new JoseSigningKeys(
        { signingKeyStore: world.store, masterKey: world.masterKey },
        TTL_SECONDS,
      );
      world.store.readings = 0;
      await Promise.all(Array.from({ length: 50 }, () => keys.current(NOW)));
      expect(world.store.readings).to.equal(1);
    });

    it('stop being accepted at their end without being read again', async () => {
      const { kid } = await world.signingKeys.current(NOW);
      await world.signingKeys.rotate(NOW, anEntry());
      const end = after(TTL_SECONDS + 300);
      await world.signingKeys.reload(after(TTL_SECONDS + 299));
      expect(await world.signingKeys.byKid(kid, new Date(end.getTime() - 1))).to.not.equal(null);
      expect(await world.signingKeys.publicKeys(new Date(end.getTime() - 1))).to.have.length(2);
      expect(await world.signingKeys.publicKeys(end)).to.have.length(1);
      expect(await world.signingKeys.byKid(kid, end)).to.equal(null);
    });

    it('are read again beside the next use after a minute, and signing follows a rotation elsewhere', async () => {
      const former = await world.signingKeys.current(NOW);
      const rotated = await world.elsewhere.rotate(after(1), anEntry());
      expect((await world.signingKeys.current(after(59))).kid).to.equal(former.kid);
      await world.signingKeys.current(after(60));
      await settle();
      expect((await world.signingKeys.current(after(60))).kid).to.equal(rotated.kid);
    });

    it('are read again before use after five minutes', async () => {
      const rotated = await world.elsewhere.rotate(after(1), anEntry());
      expect((await world.signingKeys.current(after(300))).kid).to.equal(rotated.kid);
    });

    it('are read again at once by whoever is told of a change', async () => {
      const rotated = await world.elsewhere.rotate(after(1), anEntry());
      await world.signingKeys.reload(after(1));
      expect((await world.signingKeys.current(after(1))).kid).to.equal(rotated.kid);
    });

    it('see a change that was made while they were being read', async () => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      world.store.hold = promise;
      const reading = world.signingKeys.reload(after(1));
      await settle();
      const rotated = await world.elsewhere.rotate(after(1), anEntry());
      const told = [1, 2, 3].map(() => world.signingKeys.reload(after(1)));
      world.store.readings = 0;
      resolve(undefined);
      await Promise.all([reading, ...told]);
      expect((await world.signingKeys.current(after(1))).kid).to.equal(rotated.kid);
      expect(world.store.readings).to.equal(1);
    });
  });

  describe('asked for an unknown id', () => {
    it('find a key that was made elsewhere a moment ago', async () => {
      const rotated = await world.elsewhere.rotate(after(1), anEntry());
      expect((await world.signingKeys.byKid(rotated.kid, after(1)))?.kid).to.equal(rotated.kid);
    });

    it('find it for all who ask at once', async () => {
      const rotated = await world.elsewhere.rotate(after(1), anEntry());
      const asked = Array.from({ length: 20 }, () => world.signingKeys.byKid(rotated.kid, after(1)));
      expect((await Promise.all(asked)).map((key) => key?.kid)).to.deep.equal(Array(20).fill(rotated.kid));
    });

    it('are read at most once a second, however many ask', async () => {
      world.store.readings = 0;
      for (let request = 0; request < 30; request += 1) {
        expect(await world.signingKeys.byKid(UNKNOWN, after(request / 10))).to.equal(null);
      }
      expect(world.store.readings).to.equal(3);
    });
  });

  describe('while the store is out of reach', () => {
    for (const failure of [new Unavailable(3), new Error('connection refused')]) {
      it(`are unavailable where they were never read (${failure.name})`, async () => {
        const keys = new JoseSigningKeys(
          { signingKeyStore: world.store, masterKey: world.masterKey },
          TTL_SECONDS,
        );
        world.store.failure = failure;
        const uses = [
          keys.current(NOW),
          keys.byKid(UNKNOWN, NOW),
          keys.ensure(NOW),
          keys.rotate(NOW, anEntry()),
          keys.list(NOW),
          keys.publicKeys(NOW),
          keys.reload(NOW),
        ];
        for (const rejection of await Promise.all(uses.map(rejectionOf))) {
          expect(rejection).to.be.instanceOf(Unavailable);
        }
        world.store.failure = null;
        expect((await keys.current(NOW)).kid).to.be.a('string');
      });
    }

    it('say what the reason was', async () => {
      const keys = new JoseSigningKeys(
        { signingKeyStore: world.store, masterKey: world.masterKey },
        TTL_SECONDS,
      );
      world.store.failure = new Error('connection refused');
      expect(await rejectionOf(keys.current(NOW))).to.have.property('cause', world.store.failure);
    });

    it('go on signing and verifying for five minutes, and no longer', async () => {
      const { kid } = await world.signingKeys.current(NOW);
      world.store.failure = new Error('connection refused');
      for (let second = 0; second < 300; second += 10) {
        expect((await world.signingKeys.current(after(second))).kid).to.equal(kid);
        expect((await world.signingKeys.byKid(kid, after(second)))?.kid).to.equal(kid);
        await settle();
      }
      expect(await rejectionOf(world.signingKeys.current(after(300)))).to.be.instanceOf(Unavailable);
      expect(await rejectionOf(world.signingKeys.byKid(kid, after(300)))).to.be.instanceOf(Unavailable);
    });

    it('try to read again at most once a second', async () => {
      world.store.failure = new Error('connection refused');
      world.store.readings = 0;
      for (let request = 0; request < 30; request += 1) {
        await world.signingKeys.current(after(60 + request / 10));
        await settle();
      }
      expect(world.store.readings).to.equal(3);
    });
  });

  it('are unavailable for signing before the first key is made', async () => {
    expect(await rejectionOf(keyWorld().signingKeys.current(NOW))).to.be.instanceOf(Unavailable);
  });
});
