import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import type { StoredSigningKey } from '../../application/ports/stores/signing-key-store.ts';
import type { MasterKey } from './master-key.ts';
import { SealBroken } from './seal-broken.ts';

/** The JWS algorithm of the keys (RFC 8037, section 3.1). */
const ALGORITHM = 'EdDSA';
const PURPOSE = 'signing-key';

const PublicJwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() });
const PrivateJwk = PublicJwk.extend({ d: z.string() });

/** A signing key, ready to use. */
export interface Ed25519Key {
  readonly kid: string;
  readonly alg: typeof ALGORITHM;
  readonly publicJwk: z.infer<typeof PublicJwk>;
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

/**
 * Makes a new key as it is stored: its private half sealed under the master key, its `kid` the thumbprint of its public half
 * (RFC 7638).
 */
export async function createEd25519Key(masterKey: MasterKey, createdAt: Date): Promise<StoredSigningKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  const privateJwk = PrivateJwk.parse(await exportJWK(privateKey));
  const publicKey = PublicJwk.parse(privateJwk);
  const kid = await calculateJwkThumbprint(publicKey);
  const sealedPrivateKey = masterKey.seal(PURPOSE, Buffer.from(JSON.stringify(privateJwk)), [kid]);
  return { kid, alg: ALGORITHM, publicKey, sealedPrivateKey, createdAt, acceptedUntil: null };
}

/**
 * Opens a stored key. Its public half comes out of the seal too, not from the column beside it: a key that somebody else wrote into
 * the store verifies nothing.
 *
 * @throws {SealBroken} when the key was not made under this master key
 */
export async function openEd25519Key(masterKey: MasterKey, stored: StoredSigningKey): Promise<Ed25519Key> {
  const { alg, kid, sealedPrivateKey } = stored;
  const opened = masterKey.open(PURPOSE, sealedPrivateKey, [kid]);
  if (alg !== ALGORITHM) throw new SealBroken(PURPOSE);
  const privateJwk = PrivateJwk.parse(JSON.parse(Buffer.from(opened).toString('utf8')));
  const publicJwk = PublicJwk.parse(privateJwk);
  const [publicKey, privateKey] = await Promise.all([imported(publicJwk), imported(privateJwk)]);
  return { kid, alg, publicJwk, publicKey, privateKey };
}

async function imported(jwk: z.infer<typeof PublicJwk>): Promise<CryptoKey> {
  const key = await importJWK(jwk, ALGORITHM);
  if (key instanceof Uint8Array) throw new TypeError('An Ed25519 key is no shared secret.');
  return key;
}
