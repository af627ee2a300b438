import type { Answer, Api, Person, Sent } from './api.ts';
import type { ApiBodies } from './api-bodies.ts';
import { PASSWORD } from './api.ts';

/** By what a sign-in is completed. */
export type TypedAnswer = { readonly code: string } | { readonly recoveryCode: string };

/** Signs in as far as the password goes: an account with a second factor is asked for it. */
export const beginSignIn = (api: Api, email: string): Promise<ApiBodies['challenged']> =>
  api.get('challenged', 200, 'POST /auth/login', { body: { email, password: PASSWORD } });

/** Sends an answer to a sign-in that waits for its second factor. */
export const answerChallenge = <Kind extends 'signedIn' | 'problem'>(
  api: Api,
  kind: Kind,
  challengeId: string,
  body: TypedAnswer,
  headers: NonNullable<Sent['headers']> = {},
): Promise<Answer<Kind>> => api.send(kind, `POST /auth/mfa/challenges/${challengeId}`, { body, headers });

/** Signs in with the password and then this. */
export async function signInWith(api: Api, email: string, answer: TypedAnswer): Promise<Person> {
  const { challengeId } = await beginSignIn(api, email);
  return api.get('signedIn', 200, `POST /auth/mfa/challenges/${challengeId}`, { body: answer });
}
