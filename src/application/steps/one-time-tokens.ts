import {
  createOneTimeToken,
  type OneTimeToken,
  type TokenPurpose,
} from '../../domain/access/one-time-token.ts';
import type { User } from '../../domain/identity/user.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { SecretGenerator } from '../ports/security/secret-generator.ts';
import type { OneTimeTokenDirectory } from '../ports/stores/one-time-token-store.ts';
import type { Clock } from '../ports/system/clock.ts';

/** What making a one-time token needs. */
export interface TokenMaking {
  readonly clock: Clock;
  readonly keyedHash: KeyedHash;
  readonly secretGenerator: SecretGenerator;
}

/** A one-time token, and the form in which it is stored. */
export interface IssuedToken {
  /** 256 bits as base64url, 43 characters; a secret. */
  readonly token: string;
  readonly stored: OneTimeToken;
}

/** The stored form of a token: 32 octets. */
export const tokenHash = (keyedHash: KeyedHash, token: string): Uint8Array =>
  keyedHash.of('one-time-token', token);

/** Makes a token for an account; nothing is stored. @param email the account's own address where it is left out */
export function issueToken(
  { clock, keyedHash, secretGenerator }: TokenMaking,
  user: Pick<User, 'id' | 'tenantId' | 'email'>,
  purpose: TokenPurpose,
  email = user.email,
): IssuedToken {
  const token = secretGenerator.generate();
  const { id: userId, tenantId } = user;
  const hash = tokenHash(keyedHash, token);
  return { token, stored: createOneTimeToken({ hash, tenantId, userId, purpose, email }, clock.now()) };
}

/** What looking a token up needs. */
export interface TokenFinding {
  readonly clock: Clock;
  readonly keyedHash: KeyedHash;
  readonly oneTimeTokenDirectory: OneTimeTokenDirectory;
}

/** @returns the token as it is stored; `null` where it does not count, or is for something else */
export async function findToken<Purpose extends TokenPurpose>(
  { clock, keyedHash, oneTimeTokenDirectory }: TokenFinding,
  token: string,
  purposes: readonly Purpose[],
): Promise<(OneTimeToken & { readonly purpose: Purpose }) | null> {
  const found = await oneTimeTokenDirectory.find(tokenHash(keyedHash, token), clock.now());
  return found && isFor(found, purposes) ? found : null;
}

const isFor = <Purpose extends TokenPurpose>(
  token: OneTimeToken,
  purposes: readonly Purpose[],
): token is OneTimeToken & { readonly purpose: Purpose } =>
  (purposes as readonly TokenPurpose[]).includes(token.purpose);
