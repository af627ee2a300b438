import { expect } from 'chai';
import { LastSecondFactor, StepUpRequired, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { DomainError } from '../../../../src/domain/shared/domain-error.ts';
import { compose } from '../../../../src/main/compose.ts';
import {
  ANONYMOUS,
  anEnrollingActor,
  aUserActor,
  NO_CLIENT,
  PASSWORD,
  SYSTEM,
} from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { registerPasskey } from '../../../support/register-passkey.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const UNKNOWN = '01900000-0000-7000-8000-00000000ffff';

describe('Taking a second factor away', () => {
  let here: World;
  let person: Member;

  beforeEach(async () => {
    here = world();
    person = await here.patient({ email: EMAIL });
  });

  const removeTotp = ({ actor } = person) => here.app.access.removeTotp.execute({ actor });
  const removePasskey = (passkeyId: string, { actor } = person) =>
    here.app.access.removePasskey.execute({ actor, passkeyId });
  const login = () => here.app.access.login.execute({ email: EMAIL, password: PASSWORD, client: NO_CLIENT });
  const removed = async () =>
    (await here.deliver()).filter(({ content }) => content.kind === 'second-factor-removed');

  it('tells the owner by mail and the trail, and takes the recovery codes with the last one', async () => {
    await enrolTotp(here, person.actor);
    await removeTotp();
    expect(await here.mailTo(EMAIL, 'second-factor-removed')).to.have.property('factor', 'totp');
    expect((await here.audited('access.second-factor-removed'))[0]).to.deep.include({
      actor: { kind: 'user', id: person.user.id },
      details: { factor: 'totp' },
    });
    expect(await here.rows('recoveryCodes')).to.deep.equal([]);
    expect((await login()).kind).to.equal('signed-in');
  });

  it('leaves the others, and the recovery codes with them', async () => {
    await enrolTotp(here, person.actor);
    const { passkey } = await registerPasskey(here, person.actor, 'telephone');
    const { passkey: other } = await registerPasskey(here, person.actor, 'key ring');
    expect(await removePasskey(passkey.id)).to.equal(true);
    expect(await here.app.access.listPasskeys.execute({ actor: person.actor })).to.deep.equal([other]);
    expect(await here.rows('recoveryCodes')).to.have.length(10);
    expect(await login()).to.deep.include({ methods: ['totp', 'passkey', 'recovery-code'] });
  });

  it('does nothing where there is none such, and tells nobody', async () => {
    await removeTotp();
    expect(await removePasskey(UNKNOWN)).to.equal(false);
    const other = await here.patient();
    const { passkey } = await registerPasskey(here, other.actor, 'theirs');
    await here.deliver();
    expect(await removePasskey(passkey.id)).to.equal(false);
    expect(await here.rows('passkeys')).to.have.length(1);
    expect(await removed()).to.deep.equal([]);
    expect(await here.audited('access.second-factor-removed')).to.deep.equal([]);
  });

  it('needs a proof of the last five minutes', async () => {
    const { passkey } = await registerPasskey(here, person.actor, 'telephone');
    here.clock.advance(300.001);
    for (const act of [() => removeTotp(), () => removePasskey(passkey.id)]) {
      expect(await refusalOf(act())).to.be.instanceOf(StepUpRequired);
    }
    expect(await here.rows('passkeys')).to.have.length(1);
  });

  it('needs a session of two factors: the password alone does not take a factor away', async () => {
    const thief = await here.signIn({ email: EMAIL });
    const { passkey } = await registerPasskey(here, person.actor, 'telephone');
    for (const act of [() => removeTotp(thief), () => removePasskey(passkey.id, thief)]) {
      expect(await refusalOf(act())).to.be.instanceOf(StepUpRequired);
    }
  });

  it('is for a person who is signed in', async () => {
    for (const actor of [ANONYMOUS, SYSTEM, anEnrollingActor(), aUserActor('patient')]) {
      const { removeTotp: totp, removePasskey: passkey } = here.app.access;
      expect(await refusalOf(totp.execute({ actor }))).to.be.instanceOf(Unauthenticated);
      expect(await refusalOf(passkey.execute({ actor, passkeyId: UNKNOWN }))).to.be.instanceOf(
        Unauthenticated,
      );
    }
  });

  it('keeps it where it cannot be audited', async () => {
    await enrolTotp(here, person.actor);
    const { actor } = person;
    const fault = await faultOf(here.unauditedApp.access.removeTotp.execute({ actor }));
    expect(fault).to.have.property('message', AUDIT_FAULT);
    expect((await login()).kind).to.equal('second-factor-required');
    expect(await here.rows('recoveryCodes')).to.have.length(10);
  });

  describe('that somebody must have', () => {
    beforeEach(async () => {
      const clinic = await here.tenant();
      person = await here.patient({ email: EMAIL, tenant: clinic });
      const { actor } = await here.member('admin');
      const changes = { mfaRequired: true };
      await here.app.tenancy.updateTenant.execute({ actor, tenantId: clinic.id, changes });
    });

    it('is refused for the last one, which stays with its recovery codes', async () => {
      await enrolTotp(here, person.actor);
      await here.deliver();
      expect(await refusalOf(removeTotp())).to.be.instanceOf(LastSecondFactor);
      expect((await here.rows('totpSecrets'))[0]?.confirmed).not.to.equal(null);
      expect(await here.rows('recoveryCodes')).to.have.length(10);
      expect(await removed()).to.deep.equal([]);
    });

    it('is refused for the last passkey, and has nothing to say of one that does not exist', async () => {
      const { passkey } = await registerPasskey(here, person.actor, 'telephone');
      expect(await removePasskey(UNKNOWN)).to.equal(false);
      expect(await refusalOf(removePasskey(passkey.id))).to.be.instanceOf(LastSecondFactor);
      await removeTotp();
      expect(await here.rows('passkeys')).to.have.length(1);
    });

    it('is allowed for one of two', async () => {
      const { passkey } = await registerPasskey(here, person.actor, 'telephone');
      await enrolTotp(here, person.actor);
      expect(await removePasskey(passkey.id)).to.equal(true);
      expect(await refusalOf(removeTotp())).to.be.instanceOf(LastSecondFactor);
    });

    it('leaves one of two that are taken away at once', async () => {
      const { actor } = person;
      const { passkey } = await registerPasskey(here, actor, 'telephone');
      await enrolTotp(here, actor);
      const all = await Promise.allSettled([removeTotp(), removePasskey(passkey.id)]);
      const refusals = all.flatMap((act) => (act.status === 'rejected' ? [act.reason as unknown] : []));
      expect(refusals).to.have.length(1);
      expect(refusals[0]).to.be.instanceOf(DomainError);
      expect(await here.audited('access.second-factor-removed')).to.have.length(1);
      const confirmed = (await here.rows('totpSecrets')).filter((row) => row.confirmed !== null);
      expect(confirmed.length + (await here.rows('passkeys')).length).to.equal(1);
    });
  });

  it('is refused for staff by the installation’s rule', async () => {
    const { actor } = await here.member('physician');
    await enrolTotp(here, actor);
    const { adapters } = here;
    const signIn = { emailVerification: 'optional', secondFactor: 'staff' } as const;
    const { access } = compose({ ...adapters, settings: { ...adapters.settings, signIn } });
    expect(await refusalOf(access.removeTotp.execute({ actor }))).to.be.instanceOf(LastSecondFactor);
  });
});
