import { expect } from 'chai';
import type { PasskeyChallenge } from '../../../src/application/ports/stores/passkey-challenge-store.ts';
import { newChallenge } from './access-fixtures.ts';
import { atOnce } from './expectations.ts';
import { at, newHash, NOW, plantUser } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'passkeyChallenges' | 'signInChallenges'>;

const TO_SIGN_IN = { kind: 'authentication', signInChallengeId: null } as const;

async function plantChallenge(
  { passkeyChallenges }: Pick<World, 'passkeyChallenges'>,
  use: PasskeyChallenge['use'] = TO_SIGN_IN,
): Promise<PasskeyChallenge> {
  const challenge = { hash: newHash(), use, expiresAt: at(60) };
  await passkeyChallenges.add(challenge);
  return challenge;
}

/** What every `PasskeyChallengeStore` keeps. */
export function passkeyChallengeStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a PasskeyChallengeStore`, () => {
    it('gives back exactly what was added, of each use, once', async () => {
      const world = await open();
      const user = await plantUser(world);
      const signIn = newChallenge(user);
      await world.signInChallenges.add(signIn);
      for (const use of [
        { kind: 'registration', tenantId: user.tenantId, userId: user.id },
        { kind: 'authentication', signInChallengeId: signIn.id },
        TO_SIGN_IN,
      ] as const) {
        const challenge = await plantChallenge(world, use);
        expect(await world.passkeyChallenges.spend(challenge.hash, NOW)).to.deep.equal(challenge);
        expect(await world.passkeyChallenges.spend(challenge.hash, NOW)).to.equal(null);
      }
    });

    it('gives nothing for a hash that no challenge has', async () => {
      const { passkeyChallenges } = await open();
      expect(await passkeyChallenges.spend(newHash(), NOW)).to.equal(null);
    });

    it('counts until the very moment when a challenge expires', async () => {
      const world = await open();
      const [inTime, late] = [await plantChallenge(world), await plantChallenge(world)];
      expect(await world.passkeyChallenges.spend(inTime.hash, at(59.999))).to.deep.equal(inTime);
      expect(await world.passkeyChallenges.spend(late.hash, at(60))).to.equal(null);
    });

    it('lets one of many through who spend a challenge at once', async () => {
      const world = await open();
      const challenge = await plantChallenge(world);
      const spent = await atOnce(20, () => world.passkeyChallenges.spend(challenge.hash, NOW));
      expect(spent.filter((one) => one !== null)).to.deep.equal([challenge]);
    });
  });
}
