import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { type BrowserWindow, openWindow } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  CHEAP,
  endCasegateProcesses,
  newKeys,
  type ServiceProcess,
  startServiceProcess,
} from '../support/service-process.ts';
import {
  addVirtualAuthenticator,
  registerPasskey,
  signInByPasskey,
} from '../support/virtual-authenticator.ts';

const PASSWORD = 'quiet marble staircase';

describe('Passkeys in a real browser, on http://localhost', function () {
  this.timeout(30_000);
  let database: TestDatabase;
  let service: ServiceProcess;
  let publicUrl: string;
  let window: BrowserWindow;
  let people = 0;
  let email: string;
  let accessToken: string;

  before(async () => {
    database = await freshDatabase();
    // Passkeys belong to an origin, which has to be known beforehand.
    const PORT = String(await freePort());
    publicUrl = `http://localhost:${PORT}`;
    const env = { DATABASE_URL: database.url, PORT, PUBLIC_URL: publicUrl };
    service = await startServiceProcess({ ...CHEAP, ...newKeys(), ...env });
  });
  beforeEach(async () => {
    email = `patient-${String((people += 1))}@example.org`;
    accessToken = '';
    accessToken = String(
      (await call('POST', '/auth/register', { email, password: PASSWORD }))['accessToken'],
    );
    window = await openWindow();
    await window.page.goto(`${publicUrl}/verify-email`);
    await addVirtualAuthenticator(window.page);
  });
  afterEach(() => window.close());
  after(async () => {
    await endCasegateProcesses();
    await database.drop();
  });

  const call = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${service.url}${path}`, {
      method,
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(accessToken && { Authorization: `Bearer ${accessToken}` }),
      },
      body: body ? JSON.stringify(body) : null,
    });
    const text = await answer.text();
    return { status: answer.status, ...(text === '' ? {} : (JSON.parse(text) as object)) };
  };
  const signIn = () => call('POST', '/auth/login', { email, password: PASSWORD });
  const amrOf = (body: Readonly<Record<string, unknown>>) => decodeJwt(String(body['accessToken']))['amr'];

  it('are registered, named, and sign in without a name as two factors', async () => {
    const registered = await registerPasskey(window.page, accessToken, 'Laptop');
    expect(registered.status, JSON.stringify(registered.body)).to.equal(201);
    expect(registered.body['recoveryCodes']).to.have.length(10);
    expect((await call('GET', '/auth/passkeys'))['items']).to.have.nested.property('[0].name', 'Laptop');
    const signedIn = await signInByPasskey(window.page);
    expect(signedIn.body, JSON.stringify(signedIn.body)).to.include({ kind: 'signed-in' });
    expect(amrOf(signedIn.body)).to.include.members(['user', 'mfa']).and.not.include('pwd');
  });

  it('complete a sign-in that began with the password', async () => {
    await registerPasskey(window.page, accessToken, 'Laptop');
    const waiting = await signIn();
    expect(waiting).to.include({ kind: 'second-factor-required' });
    expect(waiting['methods']).to.include('passkey');
    const signedIn = await signInByPasskey(window.page, String(waiting['challengeId']));
    expect(signedIn.body, JSON.stringify(signedIn.body)).to.include({ kind: 'signed-in' });
    expect(amrOf(signedIn.body)).to.include.members(['pwd', 'mfa']);
  });

  it('are several an account, and one that was removed lets nobody in', async () => {
    await registerPasskey(window.page, accessToken, 'Laptop');
    await addVirtualAuthenticator(window.page, 'usb');
    const second = await registerPasskey(window.page, accessToken, 'Security key');
    expect(second.status, JSON.stringify(second.body)).to.equal(201);
    expect(second.body).not.to.have.property('recoveryCodes');
    const { items } = (await call('GET', '/auth/passkeys')) as { items: { id: string; name: string }[] };
    expect(items.map(({ name }) => name)).to.have.members(['Laptop', 'Security key']);
    for (const { id } of items) {
      expect(await call('DELETE', `/auth/passkeys/${id}`)).to.include({ status: 204 });
    }
    expect((await signInByPasskey(window.page)).body).to.include({ code: 'access.passkey-refused' });
    expect(await signIn()).to.include({ kind: 'signed-in' });
  });
});
