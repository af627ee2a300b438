import { expect } from 'chai';
import {
  createOneTimeToken,
  TOKEN_LIFETIMES,
  type TokenPurpose,
} from '../../../../src/domain/access/one-time-token.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { anId, NOW } from '../../../support/builders.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Written out a second time and by hand: a change has to be made here too. */
const SECONDS: Readonly<Record<TokenPurpose, number>> = {
  'email-verification': DAY,
  'email-change': DAY,
  'password-reset': HOUR,
  invitation: 7 * DAY,
  unlock: HOUR,
  'mfa-reset-cancel': 365 * DAY,
  'factor-enrolment': 15 * MINUTE,
};

describe('A one-time token', () => {
  it('has one of the purposes that this test knows', () => {
    expect(Object.keys(TOKEN_LIFETIMES)).to.have.members(Object.keys(SECONDS));
  });

  for (const purpose of Object.keys(SECONDS) as TokenPurpose[]) {
    it(`for ${purpose} lives for ${SECONDS[purpose]} seconds, and is what it was made of`, () => {
      const given = {
        hash: new Uint8Array(32),
        tenantId: anId(),
        userId: anId(),
        purpose,
        email: 'person@example.org',
      };
      expect(createOneTimeToken(given, NOW)).to.deep.equal({
        ...given,
        createdAt: NOW,
        expiresAt: addSeconds(NOW, SECONDS[purpose]),
      });
    });
  }
});
