import type { TokenSigner, TokenVerifier } from './ports/security/access-tokens.ts';
import type { KeyedHash } from './ports/security/keyed-hash.ts';
import type { PasswordBlockList } from './ports/security/password-block-list.ts';
import type { PasswordHasher } from './ports/security/password-hasher.ts';
import type { RefreshTokenFactory } from './ports/security/refresh-tokens.ts';
import type { RevocationList } from './ports/security/revocation-list.ts';
import type { SecretGenerator } from './ports/security/secret-generator.ts';
import type { SigningKeys } from './ports/security/signing-keys.ts';
import type { TextCipher } from './ports/security/text-cipher.ts';
import type { AccountDirectory } from './ports/stores/account-directory.ts';
import type { FailureCounterStore } from './ports/stores/failure-counter-store.ts';
import type { RefreshTokenStore } from './ports/stores/refresh-token-store.ts';
import type { Clock } from './ports/system/clock.ts';
import type { IdGenerator } from './ports/system/id-generator.ts';
import type { Settings } from './ports/system/settings.ts';
import type { UnitOfWork } from './ports/unit-of-work.ts';

/** What must be provided for the use cases to run: one adapter a port, and the operator's settings. */
export interface Adapters {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly settings: Settings;
  readonly passwordHasher: PasswordHasher;
  readonly passwordBlockList: PasswordBlockList;
  readonly tokenSigner: TokenSigner;
  readonly tokenVerifier: TokenVerifier;
  readonly signingKeys: SigningKeys;
  readonly refreshTokens: RefreshTokenFactory;
  readonly revocationList: RevocationList;
  readonly keyedHash: KeyedHash;
  readonly secretGenerator: SecretGenerator;
  readonly textCipher: TextCipher;
  readonly accountDirectory: AccountDirectory;
  readonly failureCounters: FailureCounterStore;
  readonly refreshTokenStore: RefreshTokenStore;
  readonly unitOfWork: UnitOfWork;
}
