import { expect } from 'chai';
import {
  EnrolmentInvalid,
  SecondFactorInvalid,
  StepUpRequired,
  Unauthenticated,
} from '../../../../src/domain/access/errors.ts';
import { ANONYMOUS, aUserActor, NO_CLIENT, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { ofKind } from '../../../support/of-kind.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { registerPasskey } from '../../../support/register-passkey.ts';
import { compose } from '../../../../src/main/compose.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';

describe('The enrolment of an authenticator app', () => {
  let here: World;
  let person: Member;

  beforeEach(async () => {
    here = world();
    person = await here.patient({ email: EMAIL });
  });

  const begin = ({ actor }: Pick<Member, 'actor'> = person) =>
    here.app.access.beginTotpEnrolment.execute({ actor });
  const confirm = (code: string, { actor }: Pick<Member, 'actor'> = person) =>
    here.app.access.confirmTotpEnrolment.execute({ actor, code });
  const codeOf = (secret: string, drift = 0) => here.adapters.totp.codeAt(secret, here.clock.now(), drift);
  const login = () => here.app.access.login.execute({ email: EMAIL, password: PASSWORD, client: NO_CLIENT });

  it('gives what the app needs, and keeps the secret sealed', async () => {
    const { secret, otpauthUri, qrSvg } = await begin();
    expect(secret).to.match(/^[A-Z2-7]{32}$/);
    expect(otpauthUri).to.contain(secret).and.to.contain(encodeURIComponent(EMAIL));
    expect(qrSvg).to.match(/^<svg/);
    const [row] = await here.rows('totpSecrets');
    expect(row).to.deep.include({ confirmed: null, pendingSince: here.clock.now() });
    expect(Buffer.from(row?.pending?.bytes ?? []).includes(secret)).to.equal(false);
    expect(JSON.stringify(await here.audited())).not.to.contain(secret);
  });

  it('changes nothing before the first code', async () => {
    await begin();
    expect((await login()).kind).to.equal('signed-in');
  });

  it('counts with the first code: ten recovery codes, a session of two factors, a mail, a line in the trail', async () => {
    const { secret } = await begin();
    here.clock.advance(60);
    const { recoveryCodes } = await confirm(codeOf(secret));
    expect(new Set(recoveryCodes).size).to.equal(10);
    for (const code of recoveryCodes) expect(code).to.match(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    expect((await here.rows('sessions'))[0]).to.deep.include({
      amr: ['pwd', 'otp', 'mfa'],
      authTime: here.clock.now(),
    });
    expect(await here.mailTo(EMAIL, 'second-factor-added')).to.have.property('factor', 'totp');
    expect((await here.audited('access.second-factor-added'))[0]).to.deep.include({
      actor: { kind: 'user', id: person.user.id },
      details: { factor: 'totp' },
    });
    expect(await here.rows('failureCounters')).to.deep.equal([]);
    expect((await login()).kind).to.equal('second-factor-required');
  });

  it('keeps recovery codes as hashes only', async () => {
    const { recoveryCodes } = await enrolTotp(here, person.actor);
    const rows = await here.rows('recoveryCodes');
    expect(rows).to.have.length(10);
    for (const { hash } of rows) expect(hash).to.have.length(32);
    for (const code of recoveryCodes) expect(JSON.stringify(rows)).not.to.contain(code);
  });

  it('refuses a wrong code, with a line in the trail, and waits on', async () => {
    const { secret } = await begin();
    const wrong = here.adapters.totp.wrongCodeAt(secret, here.clock.now());
    expect(await refusalOf(confirm(wrong))).to.be.instanceOf(SecondFactorInvalid);
    expect((await here.audited('access.second-factor-refused'))[0]?.actor).to.deep.equal({
      kind: 'user',
      id: person.user.id,
    });
    await confirm(codeOf(secret));
  });

  it('is refused where none was begun, or it is complete', async () => {
    expect(await refusalOf(confirm('123456'))).to.be.instanceOf(EnrolmentInvalid);
    const { secret } = await begin();
    await confirm(codeOf(secret));
    expect(await refusalOf(confirm(codeOf(secret)))).to.be.instanceOf(EnrolmentInvalid);
  });

  it('is for the secret that was given last', async () => {
    const former = await begin();
    const latest = await begin();
    expect(await refusalOf(confirm(codeOf(former.secret)))).to.be.instanceOf(SecondFactorInvalid);
    await confirm(codeOf(latest.secret));
  });

  it('waits a quarter of an hour and not a moment longer', async () => {
    const { secret } = await begin();
    here.clock.advance(900);
    expect(await refusalOf(confirm(codeOf(secret)))).to.be.instanceOf(EnrolmentInvalid);
    here.clock.advance(-0.001);
    await confirm(codeOf(secret));
  });

  it('happens once for twenty confirmations at once, and gives one set of recovery codes', async () => {
    const { secret } = await begin();
    const code = codeOf(secret);
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => confirm(code)));
    expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await here.rows('recoveryCodes')).to.have.length(10);
    expect(await here.audited('access.second-factor-added')).to.have.length(1);
  });

  /** Lets something happen once, after a code was held against the secret and before that is kept. */
  const confirmWhile = (code: string, happens: () => Promise<unknown>) => {
    const { unitOfWork } = here.adapters;
    let isDue = true;
    const app = compose({
      ...here.adapters,
      unitOfWork: {
        stores: (tenantId) => unitOfWork.stores(tenantId),
        run: async (tenantId, work) => {
          if (isDue) {
            isDue = false;
            await happens();
          }
          return unitOfWork.run(tenantId, work);
        },
      },
    });
    return app.access.confirmTotpEnrolment.execute({ actor: person.actor, code });
  };

  it('counts also where data keys are rotated between the code and its keeping', async () => {
    const { secret } = await begin();
    const rotation = { actor: SYSTEM, wait: () => Promise.resolve() };
    await confirmWhile(codeOf(secret), () => here.app.access.rotateDataKeys.execute(rotation));
    expect((await here.rows('dataKeys')).length).to.equal(2);
    expect((await here.rows('totpSecrets'))[0]).to.include({ pending: null });
    expect(await here.audited('access.second-factor-added')).to.have.length(1);
    expect((await login()).kind).to.equal('second-factor-required');
  });

  it('does not count where another app was begun in between', async () => {
    const { secret } = await begin();
    const latest: { secret?: string } = {};
    const act = confirmWhile(codeOf(secret), async () => (latest.secret = (await begin()).secret));
    expect(await refusalOf(act)).to.be.instanceOf(EnrolmentInvalid);
    expect((await here.rows('totpSecrets'))[0]).to.include({ confirmed: null });
    await confirm(codeOf(latest.secret!));
  });

  it('of another app lets the former one count until its first code, and gives new recovery codes', async () => {
    const former = await enrolTotp(here, person.actor);
    here.clock.advance(30);
    const { secret } = await begin();
    const { challengeId } = ofKind(await login(), 'second-factor-required');
    const answer = { challengeId, answer: { code: former.code() }, client: NO_CLIENT };
    expect((await here.app.access.answerChallenge.execute(answer)).kind).to.equal('signed-in');
    await confirm(codeOf(secret));
    here.clock.advance(60);
    const anew = ofKind(await login(), 'second-factor-required').challengeId;
    const typed = [{ code: former.code() }, { recoveryCode: former.recoveryCodes[0] ?? '' }];
    for (const stale of typed) {
      const act = here.app.access.answerChallenge.execute({ ...answer, challengeId: anew, answer: stale });
      expect(await refusalOf(act)).to.be.instanceOf(SecondFactorInvalid);
    }
    const right = { ...answer, challengeId: anew, answer: { code: codeOf(secret) } };
    expect((await here.app.access.answerChallenge.execute(right)).kind).to.equal('signed-in');
  });

  it('needs a proof of the last five minutes to begin', async () => {
    here.clock.advance(300);
    await begin();
    here.clock.advance(0.001);
    expect(await refusalOf(begin())).to.be.instanceOf(StepUpRequired);
  });

  it('cannot be begun from a session of one factor where the account has a second one', async () => {
    const other = await here.signIn({ email: EMAIL });
    await enrolTotp(here, person.actor);
    expect(await refusalOf(begin(other))).to.be.instanceOf(StepUpRequired);
  });

  it('cannot be completed from a session of one factor where the account got a second one meanwhile', async () => {
    const thief = await here.signIn({ email: EMAIL });
    const { secret } = await begin(thief);
    await registerPasskey(here, person.actor, 'telephone');
    expect(await refusalOf(confirm(codeOf(secret), thief))).to.be.instanceOf(StepUpRequired);
    expect((await here.rows('totpSecrets'))[0]?.confirmed).to.equal(null);
  });

  it('is refused where the session is over', async () => {
    const { secret } = await begin();
    await here.app.access.logout.execute({ actor: person.actor });
    expect(await refusalOf(confirm(codeOf(secret)))).to.be.instanceOf(Unauthenticated);
    expect((await here.rows('totpSecrets'))[0]?.confirmed).to.equal(null);
    expect(await here.rows('recoveryCodes')).to.deep.equal([]);
  });

  it('is for a person with an account', async () => {
    for (const actor of [ANONYMOUS, SYSTEM, aUserActor('patient')]) {
      const { beginTotpEnrolment, confirmTotpEnrolment } = here.app.access;
      expect(await refusalOf(beginTotpEnrolment.execute({ actor }))).to.be.instanceOf(Unauthenticated);
      const confirmed = confirmTotpEnrolment.execute({ actor, code: '123456' });
      expect(await refusalOf(confirmed)).to.be.instanceOf(Unauthenticated);
    }
  });

  it('keeps nothing where it cannot be audited', async () => {
    const { secret } = await begin();
    const { actor } = person;
    const act = here.unauditedApp.access.confirmTotpEnrolment.execute({ actor, code: codeOf(secret) });
    expect(await faultOf(act)).to.have.property('message', AUDIT_FAULT);
    expect(await here.rows('recoveryCodes')).to.deep.equal([]);
    expect((await here.rows('sessions'))[0]?.amr).to.deep.equal(['pwd']);
    await confirm(codeOf(secret));
  });
});
