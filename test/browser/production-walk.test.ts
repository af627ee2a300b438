import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { generate } from 'otplib';
import type { Page } from 'playwright-core';
import { he } from '../../src/adapters/http/pages/texts/he.ts';
import { en } from '../../src/adapters/http/pages/texts/en.ts';
import { type BrowserWindow, openWindow } from '../support/browser.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  endCasegateProcesses,
  newKeys,
  type ProcessEnv,
  runCommand,
  type ServiceProcess,
  startServiceProcess,
} from '../support/service-process.ts';
import { SMTP_USER, type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';
import { startTlsFront, type TlsFront } from '../support/tls-front.ts';
import {
  addVirtualAuthenticator,
  type PageAnswer,
  registerPasskey,
  signInByPasskey,
} from '../support/virtual-authenticator.ts';
import { eventually } from '../support/eventually.ts';

const ADMIN = 'admin@example.org';
const PHYSICIAN = 'physician@example.org';
const PASSWORD = 'quiet marble staircase';

describe('A new physician in production, over real SMTP and in a real browser', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let sink: SmtpSink;
  let front: TlsFront;
  let service: ServiceProcess;
  const windows: BrowserWindow[] = [];
  let env: ProcessEnv;

  before(async () => {
    [database, sink, front] = await Promise.all([freshDatabase(), startSmtpSink(), startTlsFront()]);
    env = {
      ...newKeys(),
      CASEGATE_PROFILE: 'production',
      DATABASE_URL: database.url,
      PUBLIC_URL: front.origin,
      SMTP_URL: `smtp://${SMTP_USER.name}:${encodeURIComponent(SMTP_USER.password)}@127.0.0.1:${String(sink.port)}`,
      MAIL_FROM: 'Casegate <cases@example.org>',
    };
    service = await startServiceProcess(env);
    front.passTo(service.url);
  });
  after(async () => {
    for (const window of windows) await window.close();
    await endCasegateProcesses();
    await Promise.all([front.close(), sink.close()]);
    await database.drop();
  });

  const post = async (path: string, body?: object, bearer?: string): Promise<PageAnswer> => {
    const headers = {
      ...(body && { 'Content-Type': 'application/json' }),
      ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
    };
    const answer = await fetch(`${service.url}${path}`, {
      method: 'POST',
      headers,
      body: body ? JSON.stringify(body) : null,
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as PageAnswer['body'] };
  };
  const signIn = (email: string) => post('/auth/login', { email, password: PASSWORD });

  const open = async (locale: string): Promise<Page> => {
    const window = await openWindow({ ignoreHTTPSErrors: true, locale });
    windows.push(window);
    return window.page;
  };

  /** The link of the newest mail to the address, which comes within a second of the request. */
  const mailedLink = async (address: string, path: string): Promise<string> => {
    const link = new RegExp(`${front.origin}/${path}#token=[\\w-]{43}`);
    let found: string | undefined;
    await eventually(async () => {
      const newest = sink.taken.findLast(({ recipients }) => recipients.includes(address));
      found = newest && link.exec((await simpleParser(newest.source)).text ?? '')?.[0];
      return found !== undefined;
    }, 5_000);
    return found ?? '';
  };

  it('is invited by an admin, chooses a password, registers a passkey, and signs in with it', async () => {
    const created = await runCommand(['users', 'create', '--email', ADMIN, '--role', 'admin'], env, PASSWORD);
    expect(created.code, created.stderr).to.equal(0);
    expect((await signIn(ADMIN)).body['code']).to.equal('identity.email-not-verified');
    const adminPage = await open('en-US');
    await adminPage.goto(await mailedLink(ADMIN, 'verify-email'));
    await adminPage.getByRole('button', { name: en.pages['verify-email'].button }).click();
    await adminPage.getByText(en.pages['verify-email'].done).waitFor();

    const admin = await enrolTotp(String((await signIn(ADMIN)).body['enrolmentToken']));
    const challenge = await signIn(ADMIN);
    expect(challenge.body).to.include({ kind: 'second-factor-required' });
    const adminIn = await post(`/auth/mfa/challenges/${String(challenge.body['challengeId'])}`, {
      code: await admin.nextCode(),
    });
    expect(adminIn.body).to.include({ kind: 'signed-in' });

    const invitation = { email: PHYSICIAN, role: 'physician', language: 'he' };
    const invited = await post('/users', invitation, String(adminIn.body['accessToken']));
    expect(invited.status).to.equal(201);
    const page = await open('he');
    await page.goto(await mailedLink(PHYSICIAN, 'accept-invitation'));
    expect(await page.locator('html').getAttribute('dir')).to.equal('rtl');
    await page.getByLabel(he.newPassword, { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: he.pages['accept-invitation'].button }).click();
    await page.getByText(he.pages['accept-invitation'].done).waitFor();

    const barred = await signIn(PHYSICIAN);
    expect(barred.body).to.include({ kind: 'second-factor-enrolment-required' });
    await addVirtualAuthenticator(page);
    const enrolled = await registerPasskey(page, String(barred.body['enrolmentToken']), 'My laptop');
    expect(enrolled.status, JSON.stringify(enrolled.body)).to.equal(201);
    expect(enrolled.body['recoveryCodes']).to.have.length(10);

    const signedIn = await signInByPasskey(page);
    expect(signedIn.status, JSON.stringify(signedIn.body)).to.equal(200);
    expect(signedIn.body).to.include({ kind: 'signed-in' });
    const me = await fetch(`${service.url}/auth/me`, {
      headers: { Authorization: `Bearer ${String(signedIn.body['accessToken'])}` },
    });
    expect(((await me.json()) as { user: object }).user).to.include({
      email: PHYSICIAN,
      role: 'physician',
      emailVerified: true,
    });
  });

  /** Enrols an authenticator app; codes are those of steps that the service has not seen yet. */
  async function enrolTotp(enrolmentToken: string): Promise<{ readonly nextCode: () => Promise<string> }> {
    const begun = await post('/auth/mfa/totp', undefined, enrolmentToken);
    expect(begun.status, JSON.stringify(begun.body)).to.equal(201);
    const secret = String(begun.body['secret']);
    const now = Math.floor(Date.now() / 1000);
    const code = await generate({ secret, epoch: now });
    const confirmed = await post('/auth/mfa/totp/confirm', { code }, enrolmentToken);
    expect(confirmed.status, JSON.stringify(confirmed.body)).to.equal(200);
    return { nextCode: () => generate({ secret, epoch: now + 30 }) };
  }
});
