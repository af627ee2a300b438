import type { Adapters } from '../../application/adapters.ts';
import type { RevocationList } from '../../application/ports/security/revocation-list.ts';
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
import type { PostgresDatabase } from '../../adapters/postgres/database.ts';
import { PoolStatements } from '../../adapters/postgres/pool-statements.ts';
import { PostgresAccountDirectory } from '../../adapters/postgres/stores/account-directory.ts';
import { PostgresDataKeyStore } from '../../adapters/postgres/stores/data-key-store.ts';
import { PostgresFailureCounterStore } from '../../adapters/postgres/stores/failure-counter-store.ts';
import { PostgresRefreshTokenStore } from '../../adapters/postgres/stores/refresh-token-store.ts';
import { PostgresSigningKeyStore } from '../../adapters/postgres/stores/signing-key-store.ts';
import { PostgresUnitOfWork } from '../../adapters/postgres/unit-of-work.ts';
import { UuidV7Generator } from '../../adapters/system/uuid-v7-generator.ts';
import type { Config } from '../config/config.ts';
import { HASHING_THREADS } from '../thread-pool.ts';

/** What the adapters of a running installation stand on. */
export interface Foundations {
  readonly config: Config;
  readonly database: PostgresDatabase;
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  readonly revocationList: RevocationList;
}

/** The adapters of an installation, the signing keys once more by their technology, for whoever has to reload them. */
export type ProductionAdapters = Adapters & { readonly signingKeys: JoseSigningKeys };

/** One adapter a port, on PostgreSQL and Node's cryptography. */
export function productionAdapters({
  config,
  database,
  masterKey,
  clock,
  revocationList,
}: Foundations): ProductionAdapters {
  const statements = new PoolStatements(database.kysely);
  const idGenerator = new UuidV7Generator();
  const signingKeyStore = new PostgresSigningKeyStore(database.kysely);
  const signingKeys = new JoseSigningKeys({ signingKeyStore, masterKey }, config.accessTokenTtl);
  const tokens = { issuer: config.publicUrl, audience: 'casegate', ttlSeconds: config.accessTokenTtl };
  const keyProvider = new EnvelopeKeyProvider({
    dataKeys: new PostgresDataKeyStore(statements),
    masterKey,
    clock,
    idGenerator,
  });
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
    revocationList,
    keyedHash: new HmacKeyedHash(masterKey),
    secretGenerator: new RandomSecretGenerator(),
    textCipher: new AesGcmTextCipher(keyProvider),
    accountDirectory: new PostgresAccountDirectory(statements),
    failureCounters: new PostgresFailureCounterStore(statements),
    refreshTokenStore: new PostgresRefreshTokenStore(statements),
    unitOfWork: new PostgresUnitOfWork(database.kysely),
  };
}
