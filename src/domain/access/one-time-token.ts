import type { EmailAddress } from '../shared/email-address.ts';
import type { TenantId, UserId } from '../shared/ids.ts';
import { addSeconds } from '../shared/time.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What a one-time token is good for, and for how many seconds. */
export const TOKEN_LIFETIMES = {
  'email-verification': DAY,
  'email-change': DAY,
  'password-reset': HOUR,
  invitation: 7 * DAY,
  unlock: HOUR,
  /** Ends with the reset that it stops, which may wait for as long as the service is down: longer than any such time. */
  'mfa-reset-cancel': 365 * DAY,
  /** Not mailed: what somebody holds who has to enrol a second factor before he is let in. */
  'factor-enrolment': 15 * MINUTE,
} as const satisfies Record<string, number>;

/** The one thing that a token is good for. */
export type TokenPurpose = keyof typeof TOKEN_LIFETIMES;

/** What lets somebody into an account, or moves it: not what guards it. */
export const OPENING_PURPOSES = (Object.keys(TOKEN_LIFETIMES) as TokenPurpose[]).filter(
  (purpose) => purpose !== 'mfa-reset-cancel',
);

/** A one-time token at rest. An account has one a purpose at most: a newer one takes the place of the former. */
export interface OneTimeToken {
  /** Keyed one-way hash of the token, 32 octets. */
  readonly hash: Uint8Array;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly purpose: TokenPurpose;
  /** The address that it was mailed to, or stands for. */
  readonly email: EmailAddress;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A token at its first moment. */
export const createOneTimeToken = (
  given: Omit<OneTimeToken, 'createdAt' | 'expiresAt'>,
  now: Date,
): OneTimeToken => ({
  ...given,
  createdAt: now,
  expiresAt: addSeconds(now, TOKEN_LIFETIMES[given.purpose]),
});
