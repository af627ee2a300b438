import { expect } from 'chai';
import {
  CHALLENGE_ATTEMPTS,
  CHALLENGE_SECONDS,
  createChallenge,
} from '../../../../src/domain/access/sign-in-challenge.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { anId, NOW } from '../../../support/builders.ts';

describe('A sign-in that waits for its second factor', () => {
  it('waits for five minutes, and is what it was made of', () => {
    const given = {
      id: anId(),
      tenantId: anId(),
      userId: anId(),
      amr: ['pwd'],
      tokenEpoch: 3,
      passwordFingerprint: new Uint8Array(32),
      legacy: null,
    } as const;
    expect(createChallenge(given, NOW)).to.deep.equal({
      ...given,
      createdAt: NOW,
      expiresAt: addSeconds(NOW, 300),
    });
    expect(CHALLENGE_SECONDS).to.equal(300);
  });

  it('waits no longer than the legacy session lives that it stands on', () => {
    const given = {
      id: anId(),
      tenantId: anId(),
      userId: anId(),
      amr: ['legacy_session'],
      tokenEpoch: 3,
      passwordFingerprint: null,
    } as const;
    for (const [seconds, expected] of [
      [120, 120],
      [3_000, 300],
    ] as const) {
      const legacy = { sid: 'sid', expiresAt: addSeconds(NOW, seconds) };
      const challenge = createChallenge({ ...given, legacy }, NOW);
      expect(challenge.expiresAt).to.deep.equal(addSeconds(NOW, expected));
      expect(challenge.legacy).to.deep.equal(legacy);
    }
  });

  it('takes ten wrong answers', () => {
    expect(CHALLENGE_ATTEMPTS).to.equal(10);
  });
});
