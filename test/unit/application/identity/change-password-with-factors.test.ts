import { expect } from 'chai';
import { SecondFactorInvalid, StepUpRequired, TokenInvalid } from '../../../../src/domain/access/errors.ts';
import { NO_CLIENT, PASSWORD } from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { ofKind } from '../../../support/of-kind.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const NEXT = 'a quite different one';
const SHORT = 'x7kqp2mz';

describe('ChangePassword beside mail and second factors', () => {
  let here: World;
  let person: Member;

  beforeEach(async () => {
    here = world({ settings: { passwordMinLength: { alone: 15, withSecondFactor: 8 } } });
    person = await here.patient({ email: EMAIL });
  });

  const change = (newPassword = NEXT, { actor } = person) =>
    here.app.identity.changePassword.execute({ actor, currentPassword: PASSWORD, newPassword });
  const login = (password: string) =>
    here.app.access.login.execute({ email: EMAIL, password, client: NO_CLIENT });

  it('tells the owner by mail', async () => {
    await change();
    const mails = await here.deliver();
    expect(mails.map(({ to, content }) => [to, content.kind])).to.deep.equal([[EMAIL, 'password-changed']]);
  });

  it('ends a reset that was asked for', async () => {
    await here.app.identity.requestPasswordReset.execute({ email: EMAIL });
    const { token } = await here.mailTo(EMAIL, 'reset-password');
    await change();
    const reset = here.app.identity.resetPassword.execute({ token, newPassword: 'yet another password' });
    expect(await refusalOf(reset)).to.be.instanceOf(TokenInvalid);
  });

  it('asks for fewer characters where there is a second factor', async () => {
    expect(await refusalOf(change(SHORT))).to.have.property('reason', 'too-short');
    await enrolTotp(here, person.actor);
    await change(SHORT);
  });

  it('needs a session of two factors where the account has a second one, before anything is compared', async () => {
    const other = await here.signIn({ email: EMAIL });
    await enrolTotp(here, person.actor);
    expect(await refusalOf(change(NEXT, other))).to.be.instanceOf(StepUpRequired);
    expect(await here.rows('failureCounters')).to.deep.equal([]);
    await change();
  });

  it('ends a sign-in that waits for its second factor', async () => {
    const { code } = await enrolTotp(here, person.actor);
    const { challengeId } = ofKind(await login(PASSWORD), 'second-factor-required');
    await change();
    const answer = { challengeId, answer: { code: code() }, client: NO_CLIENT };
    expect(await refusalOf(here.app.access.answerChallenge.execute(answer))).to.be.instanceOf(
      SecondFactorInvalid,
    );
    const anew = ofKind(await login(NEXT), 'second-factor-required');
    const right = { ...answer, challengeId: anew.challengeId };
    expect((await here.app.access.answerChallenge.execute(right)).kind).to.equal('signed-in');
  });

  it('ends the enrolment token of whoever had the former password', async () => {
    const clinic = await here.tenant();
    const member = await here.patient({ email: EMAIL, tenant: clinic });
    const changes = { mfaRequired: true };
    const practice = (await here.member('admin')).actor;
    await here.app.tenancy.updateTenant.execute({ actor: practice, tenantId: clinic.id, changes });
    const attempt = { email: EMAIL, password: PASSWORD, tenant: clinic.slug, client: NO_CLIENT };
    const stolen = ofKind(await here.app.access.login.execute(attempt), 'second-factor-enrolment-required');
    await change(NEXT, member);
    const { enrolmentToken: token } = stolen;
    expect(await here.app.access.authenticateEnrolment.execute({ token })).to.equal(null);
  });
});
