import { setTimeout as delay } from 'node:timers/promises';
import { generate } from 'otplib';
import type { RecoveryCodesAnswer } from './api-bodies.ts';
import type { Api, Person } from './api.ts';

const STEP_MS = 30_000;
/** A code that is asked for so shortly before the end of a step is of the next one: it is to be the same when it arrives. */
const MARGIN_MS = 2_000;

/** An authenticator app that holds one secret. */
export interface AuthenticatorApp {
  readonly recoveryCodes: readonly string[];
  /** What it shows; `drift` steps of 30 seconds later where it is told. */
  readonly code: (drift?: number) => Promise<string>;
  /** A code that is right nowhere near this moment. */
  readonly wrongCode: () => Promise<string>;
}

/** What an app with this secret (base32) shows, `drift` steps of 30 seconds from now (RFC 6238). */
export async function codeOf(secret: string, drift = 0): Promise<string> {
  const left = () => STEP_MS - (Date.now() % STEP_MS);
  while (left() < MARGIN_MS) await delay(left() + 1);
  const counter = Math.floor(Date.now() / STEP_MS) + drift;
  return generate({ strategy: 'hotp', secret, counter });
}

/** Enrols an app for whoever bears the token: somebody who is signed in just now, or who has to enrol first. */
export async function enrolApp(api: Api, as: Pick<Person, 'accessToken'>): Promise<AuthenticatorApp> {
  const { secret } = await api.get('totpEnrolment', 201, 'POST /auth/mfa/totp', { as });
  const body = { code: await codeOf(secret, -1) };
  const confirmed: RecoveryCodesAnswer = await api.get('recoveryCodes', 200, 'POST /auth/mfa/totp/confirm', {
    as,
    body,
  });
  return {
    recoveryCodes: confirmed.recoveryCodes,
    code: (drift) => codeOf(secret, drift),
    wrongCode: () => codeOf(secret, 10_000),
  };
}

/** As if the app had shown other codes since: whatever it shows from now on was not used before. */
export const forgetUsedCodes = (api: Pick<Api, 'sql'>): Promise<unknown> =>
  api.sql('UPDATE totp_factors SET last_step = 0 WHERE last_step IS NOT NULL');
