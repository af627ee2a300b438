import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { SealedText } from '../../../src/application/ports/security/text-cipher.ts';
import type { OutboxEntry } from '../../../src/application/ports/stores/outbox.ts';
import type { MfaReset } from '../../../src/domain/access/mfa-reset.ts';
import { createOneTimeToken, type OneTimeToken } from '../../../src/domain/access/one-time-token.ts';
import type { Passkey } from '../../../src/domain/access/second-factor.ts';
import { createChallenge, type SignInChallenge } from '../../../src/domain/access/sign-in-challenge.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import type { TenantId } from '../../../src/domain/shared/ids.ts';
import { at, newHash, NOW, plantDataKey } from './fixtures.ts';
import type { StoreWorld } from './store-world.ts';

/** A one-time token of the user that is not stored yet; it counts for an hour. */
export const newToken = (user: User, given: Partial<OneTimeToken> = {}): OneTimeToken => ({
  ...createOneTimeToken(
    {
      hash: newHash(),
      tenantId: user.tenantId,
      userId: user.id,
      purpose: 'password-reset',
      email: user.email,
    },
    NOW,
  ),
  ...given,
});

/** A sign-in of the user that waits for a second factor, not stored yet; it waits for 300 seconds. */
export const newChallenge = (user: User, given: Partial<SignInChallenge> = {}): SignInChallenge => ({
  ...createChallenge(
    {
      id: uuid(),
      tenantId: user.tenantId,
      userId: user.id,
      amr: ['pwd'],
      tokenEpoch: user.tokenEpoch,
      passwordFingerprint: newHash(),
      legacy: null,
    },
    NOW,
  ),
  ...given,
});

/** A passkey of the user that is not stored yet. */
export const newPasskey = (user: User, given: Partial<Passkey> = {}): Passkey => ({
  id: uuid(),
  tenantId: user.tenantId,
  userId: user.id,
  credentialId: randomBytes(20).toString('base64url'),
  publicKey: new Uint8Array(randomBytes(77)),
  counter: 0,
  transports: ['internal', 'hybrid'],
  deviceType: 'multi-device',
  name: 'Phone',
  createdAt: NOW,
  lastUsedAt: null,
  ...given,
});

/** A reset of the user's second factors that is not stored yet, due in a day. */
export const newReset = (user: User, given: Partial<MfaReset> = {}): MfaReset => ({
  id: uuid(),
  tenantId: user.tenantId,
  userId: user.id,
  requestedBy: null,
  requestedAt: NOW,
  dueAt: at(86_400),
  ...given,
});

/** A text sealed with the key, different each time. */
export const newSealed = (keyId: string): SealedText => ({ keyId, bytes: newHash() });

/** An entry of a tenant's outbox that is not stored yet. */
export const newOutboxEntry = (
  tenantId: TenantId,
  keyId: string,
  given: Partial<OutboxEntry> = {},
): OutboxEntry => ({
  id: uuid(),
  tenantId,
  topic: 'mail',
  payload: newSealed(keyId),
  recipient: newHash(),
  createdAt: NOW,
  dueAt: NOW,
  ...given,
});

/** Confirms an authenticator app of the user, whose last used step is `step`. */
export async function plantTotp(
  world: Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore'>,
  user: User,
  step = 1000,
): Promise<SealedText> {
  const secret = newSealed(await plantDataKey(world, user.tenantId));
  const { secondFactors } = world.unitOfWork.stores(user.tenantId);
  await secondFactors.putPendingTotp(user.id, secret, NOW);
  await secondFactors.confirmTotp(user.id, secret, step, NOW);
  return secret;
}

/** Stores a passkey of the user. */
export async function plantPasskey(
  { unitOfWork }: Pick<StoreWorld, 'unitOfWork'>,
  user: User,
  given: Partial<Passkey> = {},
): Promise<Passkey> {
  const passkey = newPasskey(user, given);
  await unitOfWork.stores(user.tenantId).secondFactors.addPasskey(passkey);
  return passkey;
}
