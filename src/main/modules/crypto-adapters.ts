import type { Adapters } from '../../application/adapters.ts';
import type { DataKeyStore } from '../../application/ports/stores/data-key-store.ts';
import type { SigningKeyStore } from '../../application/ports/stores/signing-key-store.ts';
import type { Clock } from '../../application/ports/system/clock.ts';
import { AesGcmTextCipher } from '../../adapters/crypto/aes-gcm-text-cipher.ts';
import { Argon2PasswordHasher } from '../../adapters/crypto/argon2-password-hasher.ts';
import { EnvelopeKeyProvider } from '../../adapters/crypto/envelope-key-provider.ts';
import { HmacKeyedHash } from '../../adapters/crypto/hmac-keyed-hash.ts';
import { HmacRefreshTokenFactory } from '../../adapters/crypto/hmac-refresh-token-factory.ts';
import { JoseSigningKeys } from '../../adapters/crypto/jose-signing-keys.ts';
import { JoseTokenSigner } from '../../adapters/crypto/jose-token-signer.ts';
import { JoseTokenVerifier } from '../../adapters/crypto/jose-token-verifier.ts';
import type { MasterKey } from '../../adapters/crypto/master-key.ts';
import { RandomSecretGenerator } from '../../adapters/crypto/random-secret-generator.ts';
import { ZxcvbnPasswordBlockList } from '../../adapters/crypto/zxcvbn-password-block-list.ts';
import { UuidV7Generator } from '../../adapters/system/uuid-v7-generator.ts';
import type { Config } from '../config/config.ts';
import { HASHING_THREADS } from '../thread-pool.ts';

/** The adapters that are the same wherever records are kept, the signing keys by their technology for whoever reloads them. */
export type CryptoAdapters = Omit<
  Adapters,
  'accountDirectory' | 'failureCounters' | 'refreshTokenStore' | 'revocationList' | 'unitOfWork'
> & { readonly signingKeys: JoseSigningKeys };

interface CryptoFoundations {
  readonly config: Config;
  readonly clock: Clock;
  readonly masterKey: MasterKey;
  readonly signingKeyStore: SigningKeyStore;
  readonly dataKeyStore: DataKeyStore;
}

/** Node's cryptography and UUIDv7 ids, on keys that are kept in the two stores. */
export function cryptoAdapters(foundations: CryptoFoundations): CryptoAdapters {
  const { clock, config, masterKey, signingKeyStore, dataKeyStore } = foundations;
  const idGenerator = new UuidV7Generator();
  const signingKeys = new JoseSigningKeys({ signingKeyStore, masterKey }, config.accessTokenTtl);
  const tokens = { issuer: config.publicUrl, audience: 'casegate', ttlSeconds: config.accessTokenTtl };
  const keyProvider = new EnvelopeKeyProvider({ dataKeys: dataKeyStore, masterKey, clock, idGenerator });
  return {
    clock,
    idGenerator,
    settings: config.settings,
    passwordHasher: new Argon2PasswordHasher({ ...config.argon2, threads: HASHING_THREADS }),
    passwordBlockList: new ZxcvbnPasswordBlockList(),
    tokenSigner: new JoseTokenSigner({ signingKeys, idGenerator }, tokens),
    tokenVerifier: new JoseTokenVerifier({ signingKeys }, tokens),
    signingKeys,
    refreshTokens: new HmacRefreshTokenFactory(masterKey),
    keyedHash: new HmacKeyedHash(masterKey),
    secretGenerator: new RandomSecretGenerator(),
    textCipher: new AesGcmTextCipher(keyProvider),
  };
}
