import { expect } from 'chai';
import type { StepUpCommand } from '../../../../src/application/access/step-up.ts';
import {
  InvalidCredentials,
  SecondFactorInvalid,
  StepUpRequired,
  Unauthenticated,
} from '../../../../src/domain/access/errors.ts';
import { ANONYMOUS, anEnrollingActor, aUserActor, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { registerPasskey } from '../../../support/register-passkey.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';

describe('StepUp', () => {
  let here: World;
  let person: Member;

  beforeEach(async () => {
    here = world();
    person = await here.patient({ email: EMAIL });
  });

  const stepUp = (proof: StepUpCommand['proof'], { actor }: Pick<Member, 'actor'> = person) =>
    here.app.access.stepUp.execute({ actor, proof });
  /** Whoever is behind the access token that stepping up gives. */
  const stepped = async (proof: StepUpCommand['proof'], member: Pick<Member, 'actor'> = person) => {
    const token = (await stepUp(proof, member)).accessToken;
    const actor = await here.app.access.authenticate.execute({ token });
    if (!actor) throw new Error('The access token does not count.');
    return { actor };
  };
  const session = async () => (await here.rows('sessions')).find(({ id }) => id === person.actor.sessionId)!;
  const askForStepUp = ({ actor }: Pick<Member, 'actor'>) =>
    here.app.identity.changeEmail.execute({ actor, email: 'new@example.org' });

  it('gives an access token of the same session with a fresh time of authentication, and no other token', async () => {
    here.clock.advance(400);
    const answer = await stepUp({ password: PASSWORD });
    expect(Object.keys(answer)).to.have.members(['accessToken', 'expiresIn']);
    expect(answer.expiresIn).to.equal(600);
    const { actor } = await stepped({ password: PASSWORD });
    expect(actor).to.deep.equal({ ...person.actor, authTime: here.clock.now() });
    expect(await session()).to.deep.include({ authTime: here.clock.now(), amr: ['pwd'] });
    expect((await here.audited('access.stepped-up'))[0]).to.deep.include({
      actor: { kind: 'user', id: person.user.id },
      subject: { type: 'session', id: person.actor.sessionId },
      details: { method: 'pwd' },
    });
  });

  it('opens for five minutes what needs a recent proof, to the fresh token only', async () => {
    here.clock.advance(400);
    const fresh = await stepped({ password: PASSWORD });
    expect(await refusalOf(askForStepUp(person))).to.be.instanceOf(StepUpRequired);
    here.clock.advance(300);
    await askForStepUp(fresh);
    here.clock.advance(0.001);
    expect(await refusalOf(askForStepUp(fresh))).to.be.instanceOf(StepUpRequired);
  });

  it('tells the next refreshed token too', async () => {
    here.clock.advance(400);
    await stepUp({ password: PASSWORD });
    const { refreshToken } = person.tokens;
    const { accessToken: token } = await here.app.access.refreshToken.execute({ refreshToken });
    const actor = await here.app.access.authenticate.execute({ token });
    expect(actor?.authTime).to.deep.equal(here.clock.now());
  });

  it('by password is not enough where the account has a second factor that the session does not know of', async () => {
    const other = await here.signIn({ email: EMAIL });
    const { code } = await enrolTotp(here, person.actor);
    const byPassword = await stepped({ password: PASSWORD }, other);
    expect(byPassword.actor.amr).to.deep.equal(['pwd']);
    expect(await refusalOf(askForStepUp(byPassword))).to.be.instanceOf(StepUpRequired);
    const byCode = await stepped({ code: code() }, other);
    expect(byCode.actor.amr).to.deep.equal(['pwd', 'otp', 'mfa']);
    await askForStepUp(byCode);
  });

  it('by password is enough in a session of two factors', async () => {
    await registerPasskey(here, person.actor, 'telephone');
    here.clock.advance(400);
    const { actor } = await stepped({ password: PASSWORD });
    expect(actor.amr).to.deep.equal(['pwd', 'swk', 'mfa']);
    await askForStepUp({ actor });
  });

  it('takes a code once', async () => {
    const { code } = await enrolTotp(here, person.actor);
    const all = await Promise.allSettled(Array.from({ length: 9 }, () => stepUp({ code: code() })));
    expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await refusalOf(stepUp({ code: code() }))).to.be.instanceOf(SecondFactorInvalid);
    await stepUp({ code: code(1) });
  });

  it('refuses a wrong password and a wrong code, with a line in the trail, and changes nothing', async () => {
    const { wrongCode } = await enrolTotp(here, person.actor);
    const before = await session();
    here.clock.advance(5);
    expect(await refusalOf(stepUp({ password: 'wrong one' }))).to.be.instanceOf(InvalidCredentials);
    expect(await refusalOf(stepUp({ code: wrongCode() }))).to.be.instanceOf(SecondFactorInvalid);
    const lines = await here.audited('access.step-up-refused');
    expect(lines).to.have.length(2);
    for (const { actor } of lines) expect(actor).to.deep.equal({ kind: 'user', id: person.user.id });
    expect(await session()).to.deep.equal(before);
  });

  it('refuses a code where the account has no app, and one that is not confirmed yet', async () => {
    expect(await refusalOf(stepUp({ code: '123456' }))).to.be.instanceOf(SecondFactorInvalid);
    const { secret } = await here.app.access.beginTotpEnrolment.execute({ actor: person.actor });
    const code = here.adapters.totp.codeAt(secret, here.clock.now());
    expect(await refusalOf(stepUp({ code }))).to.be.instanceOf(SecondFactorInvalid);
  });

  it('refuses a text that cannot be a password, uncounted', async () => {
    for (const password of ['x'.repeat(1025), 'pass\0word', '\ud83d']) {
      expect(await refusalOf(stepUp({ password }))).to.be.instanceOf(InvalidCredentials);
    }
    expect(await here.rows('failureCounters')).to.deep.equal([]);
  });

  it('gives nothing to a session that is over, or to a disabled account', async () => {
    await here.app.access.logout.execute({ actor: person.actor });
    expect(await refusalOf(stepUp({ password: PASSWORD }))).to.be.instanceOf(Unauthenticated);
    expect(await here.audited('access.stepped-up')).to.deep.equal([]);
    const other = await here.patient();
    const changes = { isActive: false };
    await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: other.user.id, changes });
    expect(await refusalOf(stepUp({ password: PASSWORD }, other))).to.be.instanceOf(Unauthenticated);
  });

  it('gives a token of the role that the account has by now', async () => {
    const command = { actor: SYSTEM, userId: person.user.id, changes: { role: 'admin' } } as const;
    await here.app.identity.updateUser.execute(command);
    expect((await stepped({ password: PASSWORD })).actor.role).to.equal('admin');
  });

  it('is for a person who is signed in', async () => {
    for (const actor of [ANONYMOUS, SYSTEM, anEnrollingActor(), aUserActor('patient')]) {
      expect(await refusalOf(stepUp({ password: PASSWORD }, { actor } as Member))).to.be.instanceOf(
        Unauthenticated,
      );
    }
  });

  it('raises no session where it cannot be audited', async () => {
    here.clock.advance(5);
    const before = await session();
    const proof = { password: PASSWORD };
    const act = here.unauditedApp.access.stepUp.execute({ actor: person.actor, proof });
    expect(await faultOf(act)).to.have.property('message', AUDIT_FAULT);
    expect(await session()).to.deep.equal(before);
  });
});
