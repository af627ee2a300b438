import { randomInt } from 'node:crypto';
import type { Settings } from '../application/ports/system/settings.ts';

const curl = (url: string, body: object): string =>
  `curl -s -X POST ${url} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;

/**
 * What the demo greets its user with: where it is, and three commands that work when pasted, each by itself and in this order. The
 * address differs from start to start, so that registering works each time.
 *
 * @param url where the service listens, without a slash at its end
 */
export function banner(url: string, { anonymousCases, signIn }: Settings): string {
  const account = {
    email: `patient-${String(randomInt(100_000, 1_000_000))}@example.org`,
    password: 'correct horse battery',
  };
  const question = { language: 'en', question: 'Is surgery needed for a torn meniscus?' };
  const submit = curl(`${url}/cases`, question);
  return [
    '',
    `Casegate listens on ${url}`,
    `Docs: ${url}/docs`,
    '',
    'Register, sign in, submit a case:',
    curl(`${url}/auth/register`, account),
    ...(signIn.emailVerification === 'required'
      ? ['# Now open the link in the mail: it has to be confirmed first.']
      : []),
    curl(`${url}/auth/login`, account),
    anonymousCases ? submit : `${submit} -H 'Authorization: Bearer ACCESS_TOKEN'`,
    '',
    '',
  ].join('\n');
}
