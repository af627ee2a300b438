import { expect } from 'chai';
import type { RegisterUserCommand } from '../../../../src/application/identity/register-user.ts';
import { EmailRejected, EmailTaken, PasswordRejected } from '../../../../src/domain/identity/errors.ts';
import { DEFAULT_TENANT_ID } from '../../../../src/domain/shared/ids.ts';
import { UnknownTenant } from '../../../../src/domain/tenancy/errors.ts';
import { NO_CLIENT, NOW, PASSWORD } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { signedIn } from '../../../support/signed-in.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';

const commandOf = (given: Partial<RegisterUserCommand> = {}): RegisterUserCommand => ({
  email: EMAIL,
  password: PASSWORD,
  client: NO_CLIENT,
  ...given,
});

describe('RegisterUser', () => {
  let here: World;

  beforeEach(() => {
    here = world();
  });

  const register = async (given: Partial<RegisterUserCommand> = {}) =>
    signedIn(await here.app.identity.registerUser.execute(commandOf(given)));

  it('makes a patient of the practice, active and unverified', async () => {
    const { kind, user } = await register();
    expect(kind).to.equal('signed-in');
    expect(user).to.deep.include({
      tenantId: DEFAULT_TENANT_ID,
      email: EMAIL,
      role: 'patient',
      language: 'en',
      isActive: true,
      emailVerifiedAt: null,
      createdAt: NOW,
      version: 1,
    });
    expect(await here.rows('users')).to.deep.equal([user]);
  });

  it('signs the person in on the device', async () => {
    const client = { userAgent: 'a browser', address: '192.0.2.7' };
    const { user, tokens } = await register({ client });
    expect(await here.whoIs(tokens)).to.deep.include({ userId: user.id, role: 'patient' });
    expect((await here.rows('sessions'))[0]).to.deep.include({ userId: user.id, client, amr: ['pwd'] });
    const { refreshToken } = tokens;
    expect(await here.app.access.refreshToken.execute({ refreshToken })).to.include({ expiresIn: 600 });
  });

  it('tells the trail of the account and of the session', async () => {
    const { user } = await register();
    const [session] = await here.rows('sessions');
    const entries = (await here.audited()).map(({ id: _, ...entry }) => entry);
    expect(entries).to.have.deep.members([
      {
        tenantId: DEFAULT_TENANT_ID,
        actor: { kind: 'anonymous' },
        action: 'identity.registered',
        subject: { type: 'user', id: user.id },
        at: NOW,
        details: {},
      },
      {
        tenantId: DEFAULT_TENANT_ID,
        actor: { kind: 'user', id: user.id },
        action: 'access.signed-in',
        subject: { type: 'session', id: session?.id },
        at: NOW,
        details: { amr: 'pwd' },
      },
    ]);
    expect(JSON.stringify(entries)).not.to.contain(EMAIL);
  });

  it('keeps the address in its normal form, and the password nowhere', async () => {
    const { user } = await register({ email: '  Person@Example.ORG ' });
    expect(user.email).to.equal(EMAIL);
    expect(user.passwordHash).not.to.equal(null);
    expect(JSON.stringify([await here.rows('users'), await here.audited()])).not.to.contain(PASSWORD);
    expect((await here.signIn({ email: EMAIL })).user.id).to.equal(user.id);
  });

  it('lets the person in however the password is composed later', async () => {
    await register({ password: 'contrasen\u0303a de jose\u0301' });
    const composed = await here.signIn({ email: EMAIL, password: 'contrase\u00f1a de jos\u00e9' });
    expect(composed.user.email).to.equal(EMAIL);
  });

  it('takes the language and the tenant that are named', async () => {
    const clinic = await here.tenant();
    const { user, tokens } = await register({ tenant: clinic.slug, language: 'he' });
    expect(user).to.include({ tenantId: clinic.id, language: 'he' });
    expect((await here.whoIs(tokens))?.tenantId).to.equal(clinic.id);
    const entries = (await here.audited()).filter(({ tenantId }) => tenantId === clinic.id);
    expect(entries.map(({ action }) => action)).to.have.members(['identity.registered', 'access.signed-in']);
  });

  it('takes an address again in another tenant', async () => {
    const clinic = await here.tenant();
    await register();
    const { user } = await register({ tenant: clinic.slug, password: 'another password' });
    expect((await here.rows('users')).map(({ email }) => email)).to.deep.equal([EMAIL, EMAIL]);
    expect(
      (await here.signIn({ email: EMAIL, tenant: clinic, password: 'another password' })).user.id,
    ).to.equal(user.id);
  });

  it('refuses an address that is taken, in whatever case, and leaves nothing behind', async () => {
    const first = await register();
    const before = [await here.rows('users'), await here.rows('sessions'), await here.audited()];
    for (const email of [EMAIL, EMAIL.toUpperCase(), ` ${EMAIL}`]) {
      expect(await refusalOf(register({ email, password: 'another password' }))).to.be.instanceOf(EmailTaken);
    }
    const after = [await here.rows('users'), await here.rows('sessions'), await here.audited()];
    expect(after).to.deep.equal(before);
    expect(await here.rows('refreshTokens')).to.have.length(1);
    expect((await here.signIn({ email: EMAIL })).user.id).to.equal(first.user.id);
  });

  it('makes one account of twenty registrations of one address at once', async () => {
    const all = Array.from({ length: 20 }, (_, index) =>
      register({ email: index % 2 ? EMAIL : EMAIL.toUpperCase() }),
    );
    const settled = await Promise.allSettled(all);
    const refused = settled.filter((outcome) => outcome.status === 'rejected');
    expect(refused).to.have.length(19);
    for (const { reason } of refused) expect(reason).to.be.instanceOf(EmailTaken);
    expect(await here.rows('users')).to.have.length(1);
    expect(await here.rows('sessions')).to.have.length(1);
    expect(await here.audited()).to.have.length(2);
  });

  it('refuses what is no address', async () => {
    for (const email of [
      '',
      'person',
      'two@at@example.org',
      'person@example.org\r\nBcc: other@example.org',
    ]) {
      expect(await refusalOf(register({ email }))).to.be.instanceOf(EmailRejected);
    }
    expect(await here.rows('users')).to.deep.equal([]);
  });

  it('refuses a tenant that does not exist', async () => {
    expect(await refusalOf(register({ tenant: 'nowhere' }))).to.be.instanceOf(UnknownTenant);
    expect(await here.rows('users')).to.deep.equal([]);
  });

  it('keeps nothing of an account that cannot be audited', async () => {
    const fault = await faultOf(here.unauditedApp.identity.registerUser.execute(commandOf()));
    expect(fault).to.have.property('message', AUDIT_FAULT);
    for (const table of ['users', 'sessions', 'refreshTokens', 'auditEntries'] as const) {
      expect(await here.rows(table)).to.deep.equal([]);
    }
  });

  describe('with a password that the policy refuses', () => {
    const rejectionOf = async (given: Partial<RegisterUserCommand>) => {
      const refusal = await refusalOf(register(given));
      expect(await here.rows('users')).to.deep.equal([]);
      return refusal instanceof PasswordRejected ? refusal.reason : refusal;
    };

    for (const [reason, password] of [
      ['too-short', 'x7kqp2m'],
      ['too-long', 'x'.repeat(1025)],
      ['common', 'Password1'],
      ['context', 'Person@Example.org'],
      ['ill-formed', 'pass\ud83dword'],
    ] as const) {
      it(`says why: ${reason}`, async () => {
        expect(await rejectionOf({ password })).to.equal(reason);
      });
    }

    it('says so before it looks whether the address is taken', async () => {
      await register();
      const refusal = await refusalOf(register({ password: 'short' }));
      expect(refusal).to.be.instanceOf(PasswordRejected);
    });

    it('holds it against the longer one of the installation’s and the tenant’s policy', async () => {
      here = world({ settings: { passwordMinLength: { alone: 12, withSecondFactor: 8 } } });
      const strict = await here.tenant({ passwordPolicy: { minLength: 20 } });
      const lax = await here.tenant({ passwordPolicy: { minLength: 8 } });
      const ofLength = (length: number) => 'kq7mzp2xwv9tbn4rjs8d'.slice(0, length);
      expect(await rejectionOf({ tenant: strict.slug, password: ofLength(19) })).to.equal('too-short');
      expect(await rejectionOf({ tenant: lax.slug, password: ofLength(11) })).to.equal('too-short');
      expect((await register({ tenant: strict.slug, password: ofLength(20) })).kind).to.equal('signed-in');
      expect((await register({ tenant: lax.slug, password: ofLength(12) })).kind).to.equal('signed-in');
    });
  });
});
