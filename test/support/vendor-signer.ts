import { constants, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** How vendors may sign. */
export type SigningAlgorithm = 'EdDSA' | 'ES256' | 'ES384' | 'RS256' | 'PS256';

/** What a vendor signs with. */
export interface VendorSigner {
  /** As a vendor publishes it. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  /** As nobody ever should. */
  readonly privateJwk: Readonly<Record<string, unknown>>;
  readonly publicKey: KeyObject;
  /** A compact JWT of these very texts, whatever they say. */
  readonly sign: (header: string | Uint8Array, payload: string | Uint8Array) => string;
  /** A statement of these claims, with the usual header but for what is given. */
  readonly state: (claims: object, header?: object) => string;
}

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

const KEYS: Readonly<Record<SigningAlgorithm, () => KeyObject>> = {
  EdDSA: () => generateKeyPairSync('ed25519').privateKey,
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
};

/** Signs octets as JWS wants it (RFC 7518, section 3; RFC 8037). */
function signatureOf(alg: SigningAlgorithm, input: Uint8Array, key: KeyObject): Buffer {
  if (alg === 'EdDSA') return sign(null, input, key);
  const digest = alg === 'ES384' ? 'sha384' : 'sha256';
  if (alg === 'PS256') return sign(digest, input, { key, ...PSS });
  return alg === 'RS256' ? sign(digest, input, key) : sign(digest, input, { key, dsaEncoding: 'ieee-p1363' });
}

const encoded = (text: string | Uint8Array): string => Buffer.from(text).toString('base64url');

/** A vendor's key, made anew or given. @param kid `null` publishes none */
export function vendorSigner(
  alg: SigningAlgorithm = 'EdDSA',
  kid: string | null = 'key-1',
  privateKey: KeyObject = KEYS[alg](),
): VendorSigner {
  const named = kid === null ? {} : { kid };
  const publicKey = createPublicKey(privateKey);
  const signer: VendorSigner = {
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...named },
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...named },
    publicKey,
    sign: (header, payload) => {
      const input = `${encoded(header)}.${encoded(payload)}`;
      return `${input}.${encoded(signatureOf(alg, Buffer.from(input), privateKey))}`;
    },
    state: (claims, header = {}) =>
      signer.sign(JSON.stringify({ alg, typ: 'JWT', ...named, ...header }), JSON.stringify(claims)),
  };
  return signer;
}
