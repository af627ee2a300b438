import { MemoryAccessTokens } from '../../support/memory/memory-access-tokens.ts';
import { MemoryKeyedHash } from '../../support/memory/memory-keyed-hash.ts';
import { MemoryPasswordBlockList } from '../../support/memory/memory-password-block-list.ts';
import { MemoryPasswordHasher } from '../../support/memory/memory-password-hasher.ts';
import { MemoryRefreshTokenFactory } from '../../support/memory/memory-refresh-token-factory.ts';
import { MemorySecretGenerator } from '../../support/memory/memory-secret-generator.ts';
import { MemorySigningKeys } from '../../support/memory/memory-signing-keys.ts';
import { accessTokensContract } from '../../contracts/security/access-tokens-contract.ts';
import { keyedHashContract } from '../../contracts/security/keyed-hash-contract.ts';
import { passwordBlockListContract } from '../../contracts/security/password-block-list-contract.ts';
import { passwordHasherContract } from '../../contracts/security/password-hasher-contract.ts';
import { refreshTokenFactoryContract } from '../../contracts/security/refresh-token-factory-contract.ts';
import { secretGeneratorContract } from '../../contracts/security/secret-generator-contract.ts';
import { signingKeysContract } from '../../contracts/security/signing-keys-contract.ts';

accessTokensContract('MemoryAccessTokens', () => {
  const tokens = new MemoryAccessTokens();
  return { tokenSigner: tokens, tokenVerifier: tokens };
});
keyedHashContract('MemoryKeyedHash', () => new MemoryKeyedHash());
passwordBlockListContract('MemoryPasswordBlockList', () => new MemoryPasswordBlockList());
passwordHasherContract('MemoryPasswordHasher', () => new MemoryPasswordHasher());
refreshTokenFactoryContract('MemoryRefreshTokenFactory', () => new MemoryRefreshTokenFactory());
secretGeneratorContract('MemorySecretGenerator', () => new MemorySecretGenerator());
signingKeysContract('MemorySigningKeys', () => new MemorySigningKeys(() => Promise.resolve()));
