import type { Adapters } from '../application/adapters.ts';
import { type Token, token } from './token.ts';

/** One token an adapter, under the adapter's name. */
export const Tokens: { readonly [Name in keyof Adapters]: Token<Adapters[Name]> } = {
  clock: token('clock'),
  idGenerator: token('idGenerator'),
  settings: token('settings'),
  passwordHasher: token('passwordHasher'),
  passwordBlockList: token('passwordBlockList'),
  tokenSigner: token('tokenSigner'),
  tokenVerifier: token('tokenVerifier'),
  signingKeys: token('signingKeys'),
  refreshTokens: token('refreshTokens'),
  revocationList: token('revocationList'),
  keyedHash: token('keyedHash'),
  secretGenerator: token('secretGenerator'),
  textCipher: token('textCipher'),
  totp: token('totp'),
  webAuthn: token('webAuthn'),
  mailer: token('mailer'),
  accountDirectory: token('accountDirectory'),
  failureCounters: token('failureCounters'),
  refreshTokenStore: token('refreshTokenStore'),
  oneTimeTokenDirectory: token('oneTimeTokenDirectory'),
  passkeyDirectory: token('passkeyDirectory'),
  passkeyChallenges: token('passkeyChallenges'),
  signInChallenges: token('signInChallenges'),
  unitOfWork: token('unitOfWork'),
};
