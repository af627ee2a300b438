import { CHALLENGE_SECONDS } from '../../domain/access/sign-in-challenge.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { SecretGenerator } from '../ports/security/secret-generator.ts';
import type { PasskeyChallenge, PasskeyChallengeStore } from '../ports/stores/passkey-challenge-store.ts';
import type { Clock } from '../ports/system/clock.ts';

/** What giving browsers challenges, and taking them back, needs. */
export interface PasskeyChallenging {
  readonly clock: Clock;
  readonly keyedHash: KeyedHash;
  readonly passkeyChallenges: PasskeyChallengeStore;
}

/** Makes and keeps a challenge of 256 bits. @returns it as base64url */
export async function giveChallenge(
  deps: PasskeyChallenging & { readonly secretGenerator: SecretGenerator },
  use: PasskeyChallenge['use'],
): Promise<string> {
  const challenge = deps.secretGenerator.generate();
  const expiresAt = addSeconds(deps.clock.now(), CHALLENGE_SECONDS);
  await deps.passkeyChallenges.add({ hash: hashOf(deps.keyedHash, challenge), use, expiresAt });
  return challenge;
}

/** Spends a challenge. @returns what it was given for; `null` where it does not count (any more) */
export async function takeChallenge(
  { clock, keyedHash, passkeyChallenges }: PasskeyChallenging,
  challenge: string,
): Promise<PasskeyChallenge['use'] | null> {
  const spent = await passkeyChallenges.spend(hashOf(keyedHash, challenge), clock.now());
  return spent?.use ?? null;
}

const hashOf = (keyedHash: KeyedHash, challenge: string): Uint8Array =>
  keyedHash.of('passkey-challenge', challenge);
