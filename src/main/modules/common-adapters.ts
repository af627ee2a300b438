import type { Adapters } from '../../application/adapters.ts';
import type { Mailer } from '../../application/ports/gateways/mailer.ts';
import type { DataKeyStore } from '../../application/ports/stores/data-key-store.ts';
import type { SigningKeyStore } from '../../application/ports/stores/signing-key-store.ts';
import type { Clock } from '../../application/ports/system/clock.ts';
import { AesGcmTextCipher } from '../../adapters/crypto/aes-gcm-text-cipher.ts';
import { Argon2PasswordHasher } from '../../adapters/crypto/argon2-password-hasher.ts';
import { ExpressSessionCookies } from '../../adapters/crypto/express-session-cookies.ts';
import { EnvelopeKeyProvider } from '../../adapters/crypto/envelope-key-provider.ts';
import { HmacAuditChain } from '../../adapters/crypto/hmac-audit-chain.ts';
import { HmacKeyedHash } from '../../adapters/crypto/hmac-keyed-hash.ts';
import { HmacRefreshTokenFactory } from '../../adapters/crypto/hmac-refresh-token-factory.ts';
import { JoseSigningKeys } from '../../adapters/crypto/jose-signing-keys.ts';
import { JoseTokenSigner } from '../../adapters/crypto/jose-token-signer.ts';
import { JoseTokenVerifier } from '../../adapters/crypto/jose-token-verifier.ts';
import {
  JoseVendorStatements,
  type VendorStatementsOptions,
} from '../../adapters/crypto/jose-vendor-statements.ts';
import type { MasterKey } from '../../adapters/crypto/master-key.ts';
import { RandomSecretGenerator } from '../../adapters/crypto/random-secret-generator.ts';
import { ZxcvbnPasswordBlockList } from '../../adapters/crypto/zxcvbn-password-block-list.ts';
import { OtplibTotp } from '../../adapters/second-factors/otplib-totp.ts';
import { type RelyingParty, SimpleWebAuthn } from '../../adapters/second-factors/simple-web-authn.ts';
import { UuidV7Generator } from '../../adapters/system/uuid-v7-generator.ts';
import { ConfiguredVendors } from '../../adapters/vendors/configured-vendors.ts';
import { STATEMENT_AUDIENCE } from '../../domain/legacy/vendor-statement.ts';
import type { Config } from '../config/config.ts';
import { HASHING_THREADS } from '../thread-pool.ts';

/** What authenticator apps and browsers show beside an account. */
const PRODUCT = 'Casegate';
/** Whom our tokens are for. */
const AUDIENCE = 'casegate';

/** The adapters that differ by where records are kept. */
export type StoreAdapters = Pick<
  Adapters,
  | 'accountDirectory'
  | 'auditSeals'
  | 'batchRuns'
  | 'caseTimers'
  | 'expiredRecords'
  | 'failureCounters'
  | 'legacyIndex'
  | 'legacyLinkDirectory'
  | 'legacyReconciliation'
  | 'legacyRequests'
  | 'legacySessions'
  | 'legacyTickets'
  | 'oneTimeTokenDirectory'
  | 'passkeyChallenges'
  | 'passkeyDirectory'
  | 'refreshTokenStore'
  | 'revocationList'
  | 'sealedTexts'
  | 'signInChallenges'
  | 'unitOfWork'
>;

/** The others, the keys by their technology for whoever hears that they changed elsewhere. */
export type CommonAdapters = Omit<Adapters, keyof StoreAdapters> & {
  readonly signingKeys: JoseSigningKeys;
  readonly dataKeyRotation: EnvelopeKeyProvider;
};

interface CommonFoundations {
  readonly config: Config;
  readonly clock: Clock;
  readonly mailer: Mailer;
  readonly masterKey: MasterKey;
  readonly auditKey: MasterKey;
  readonly signingKeyStore: SigningKeyStore;
  readonly dataKeyStore: DataKeyStore;
  /** Told whose keys are out of reach, and why; the first time of several in a row. */
  readonly onVendorKeys?: VendorStatementsOptions['onFault'];
}

/** Node's cryptography, second factors and UUIDv7 ids, on keys that are kept in the two stores. */
export function commonAdapters(foundations: CommonFoundations): CommonAdapters {
  const { auditKey, clock, config, mailer, masterKey, signingKeyStore, dataKeyStore } = foundations;
  const idGenerator = new UuidV7Generator();
  const signingKeys = new JoseSigningKeys({ signingKeyStore, masterKey }, config.accessTokenTtl);
  const tokens = { issuer: config.publicUrl, audience: AUDIENCE, ttlSeconds: config.accessTokenTtl };
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
    auditChain: new HmacAuditChain(auditKey),
    secretGenerator: new RandomSecretGenerator(),
    textCipher: new AesGcmTextCipher(keyProvider),
    dataKeyRotation: keyProvider,
    totp: new OtplibTotp({ issuer: PRODUCT }),
    webAuthn: new SimpleWebAuthn(relyingPartyOf(config)),
    mailer,
    assertionVerifier: null,
    legacyCookies: new ExpressSessionCookies(config.legacySessions.secrets),
    vendorDirectory: new ConfiguredVendors(config.vendors.map(({ keys: _keys, ...vendor }) => vendor)),
    vendorStatements: new JoseVendorStatements({
      audiences: [STATEMENT_AUDIENCE, config.publicUrl],
      vendors: config.vendors,
      onFault: foundations.onVendorKeys,
    }),
  };
}

/** Passkeys belong to the public URL's host, and count on its pages and on those of the browser apps that may call the API. */
function relyingPartyOf({ corsOrigins, publicUrl }: Config): RelyingParty {
  const { hostname, origin } = new URL(publicUrl);
  return { rpName: PRODUCT, rpId: hostname, origins: [origin, ...corsOrigins] };
}
