import type { Page } from 'playwright-core';

/**
 * Gives the page an authenticator that makes sure of its owner (WebDriver extension of WebAuthn Level 3, section 11).
 *
 * @param transport `internal` is part of the machine, as a fingerprint reader is
 */
export async function addVirtualAuthenticator(
  page: Page,
  transport: 'internal' | 'usb' = 'internal',
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** What the service answered to a page. */
export interface PageAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Registers a passkey from a page of the service; gives what the service answered. */
export const registerPasskey = (page: Page, bearer: string, name: string): Promise<PageAnswer> =>
  inPage(
    page,
    `async ({ bearer, name }) => {
      const headers = { Authorization: 'Bearer ' + bearer };
      const begun = await post('/auth/passkeys/registration/options', undefined, headers);
      if (begun.status !== 200) return begun;
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(begun.body.options);
      const credential = await navigator.credentials.create({ publicKey });
      return post('/auth/passkeys/registration/verify', { ...credential.toJSON(), name }, headers);
    }`,
    { bearer, name },
  );

/** Signs in by passkey from a page of the service, as the second factor where a sign-in waits for one. */
export const signInByPasskey = (page: Page, challengeId?: string): Promise<PageAnswer> =>
  inPage(
    page,
    `async ({ challengeId }) => {
      const begun = await post('/auth/passkeys/authentication/options', challengeId && { challengeId });
      if (begun.status !== 200) return begun;
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.body.options);
      const credential = await navigator.credentials.get({ publicKey });
      return post('/auth/passkeys/authentication/verify', credential.toJSON());
    }`,
    { challengeId },
  );

const POST = `async (path, body, headers = {}) => {
  const type = body && { 'Content-Type': 'application/json' };
  const sent = { method: 'POST', headers: { ...headers, ...type }, body: body && JSON.stringify(body) };
  const answer = await fetch(path, sent);
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
}`;

/** Runs a script in the page, which is text since nothing of a browser is known here. */
const inPage = (page: Page, script: string, argument: object): Promise<PageAnswer> =>
  page.evaluate<PageAnswer>(`{ const post = ${POST}; (${script})(${JSON.stringify(argument)}) }`);
