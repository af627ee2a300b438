import { expect } from 'chai';
import type { CreateUserCommand } from '../../../../src/application/identity/create-user.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { EmailRejected, EmailTaken, PasswordRejected } from '../../../../src/domain/identity/errors.ts';
import { ROLES } from '../../../../src/domain/identity/user.ts';
import { UnknownTenant } from '../../../../src/domain/tenancy/errors.ts';
import { ANONYMOUS, anId, NOW, PASSWORD, SYSTEM, systemOf } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';

describe('CreateUser', () => {
  let here: World;

  beforeEach(() => {
    here = world();
  });

  const commandOf = (given: Partial<CreateUserCommand> = {}): CreateUserCommand => ({
    actor: SYSTEM,
    email: EMAIL,
    role: 'physician',
    password: PASSWORD,
    ...given,
  });
  const create = (given: Partial<CreateUserCommand> = {}) =>
    here.app.identity.createUser.execute(commandOf(given));

  for (const role of ROLES) {
    it(`makes an account of role ${role}, which can sign in`, async () => {
      const user = await create({ role, email: 'Person@Example.org', language: 'he' });
      expect(user).to.deep.include({ email: EMAIL, role, language: 'he', isActive: true, createdAt: NOW });
      const signedIn = await here.signIn({ email: EMAIL });
      expect(signedIn.actor).to.include({ userId: user.id, role });
    });
  }

  it('opens no session', async () => {
    await create();
    expect(await here.rows('sessions')).to.deep.equal([]);
  });

  it('takes the language of the practice where none is named', async () => {
    expect((await create()).language).to.equal('en');
  });

  it('makes it in the tenant of the admin, with a line in the trail', async () => {
    const clinic = await here.tenant();
    const { actor } = await here.member('admin', { tenant: clinic });
    const user = await create({ actor });
    expect(user.tenantId).to.equal(clinic.id);
    const entries = await here.audited('identity.user-created');
    expect(entries.at(-1)).to.deep.include({
      tenantId: clinic.id,
      actor: { kind: 'user', id: actor.userId },
      subject: { type: 'user', id: user.id },
      at: NOW,
      details: { role: 'physician', invited: false },
    });
    expect(JSON.stringify(entries)).not.to.contain(EMAIL);
  });

  it('makes it in the tenant that the installation works in', async () => {
    const clinic = await here.tenant();
    expect((await create({ actor: systemOf(clinic.id) })).tenantId).to.equal(clinic.id);
    expect((await here.audited('identity.user-created'))[0]?.actor).to.deep.equal({ kind: 'system' });
  });

  it('is for admins only', async () => {
    for (const role of ['patient', 'physician'] as const) {
      const { actor } = await here.member(role);
      expect(await refusalOf(create({ actor }))).to.be.instanceOf(Forbidden);
    }
    expect(await refusalOf(create({ actor: ANONYMOUS }))).to.be.instanceOf(Unauthenticated);
  });

  it('refuses an address that is taken, and leaves no line about it', async () => {
    await create();
    expect(await refusalOf(create({ email: EMAIL.toUpperCase() }))).to.be.instanceOf(EmailTaken);
    expect(await here.rows('users')).to.have.length(1);
    expect(await here.audited('identity.user-created')).to.have.length(1);
  });

  it('holds the password against the policy, that of the tenant included', async () => {
    const clinic = await here.tenant({ passwordPolicy: { minLength: 40 } });
    expect(await refusalOf(create({ actor: systemOf(clinic.id) }))).to.be.instanceOf(PasswordRejected);
    expect(await refusalOf(create({ password: 'casegate1' }))).to.have.property('reason', 'context');
    expect(await here.rows('users')).to.deep.equal([]);
  });

  it('refuses what is no address', async () => {
    for (const email of [
      '',
      'person',
      'two@at@example.org',
      'person@example.org\r\nBcc: other@example.org',
    ]) {
      expect(await refusalOf(create({ email }))).to.be.instanceOf(EmailRejected);
    }
    expect(await here.rows('users')).to.deep.equal([]);
  });

  it('refuses a tenant that does not exist', async () => {
    expect(await refusalOf(create({ actor: systemOf(anId()) }))).to.be.instanceOf(UnknownTenant);
  });

  it('keeps nothing of an account that cannot be audited', async () => {
    const fault = await faultOf(here.unauditedApp.identity.createUser.execute(commandOf()));
    expect(fault).to.have.property('message', AUDIT_FAULT);
    expect(await here.rows('users')).to.deep.equal([]);
  });
});
