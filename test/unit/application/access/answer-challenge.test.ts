import { expect } from 'chai';
import type { TypedCode } from '../../../../src/application/steps/check-code.ts';
import { RateLimited, SecondFactorInvalid } from '../../../../src/domain/access/errors.ts';
import type { SessionClient } from '../../../../src/domain/access/session.ts';
import type { ChallengeId } from '../../../../src/domain/shared/ids.ts';
import { compose } from '../../../../src/main/compose.ts';
import { NO_CLIENT, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { type EnrolledTotp, enrolTotp } from '../../../support/enrol-totp.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { ofKind } from '../../../support/of-kind.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const WAITING_SECONDS = 300;

describe('A sign-in that waits for a second factor', () => {
  let here: World;
  let person: Member;
  let totp: EnrolledTotp;

  beforeEach(async () => {
    here = world();
    person = await here.patient({ email: EMAIL });
    totp = await enrolTotp(here, person.actor);
    here.clock.advance(30);
  });

  const login = ({ app }: Pick<World, 'app'> = here) =>
    app.access.login.execute({ email: EMAIL, password: PASSWORD, client: NO_CLIENT });
  const challenge = async (): Promise<ChallengeId> =>
    ofKind(await login(), 'second-factor-required').challengeId;
  const answer = (challengeId: ChallengeId, given: TypedCode, client: SessionClient = NO_CLIENT) =>
    here.app.access.answerChallenge.execute({ challengeId, answer: given, client });
  const outcomes = async (acts: readonly Promise<unknown>[]) => {
    const settled = await Promise.allSettled(acts);
    const reasons = settled.flatMap((act) => (act.status === 'rejected' ? [act.reason as unknown] : []));
    return { kept: settled.length - reasons.length, reasons };
  };

  it('is no session yet, and says by what it can be completed', async () => {
    const sessions = await here.rows('sessions');
    const outcome = await login();
    expect(Object.keys(outcome)).to.have.members(['kind', 'challengeId', 'methods']);
    expect(outcome).to.deep.include({ kind: 'second-factor-required', methods: ['totp', 'recovery-code'] });
    expect(await here.rows('sessions')).to.deep.equal(sessions);
  });

  it('opens a session of two factors for the code that the app shows', async () => {
    const client = { userAgent: 'a browser', address: null };
    const { user, tokens } = await answer(await challenge(), { code: totp.code() }, client);
    expect(user.id).to.equal(person.user.id);
    expect(await here.whoIs(tokens)).to.deep.include({
      userId: user.id,
      amr: ['pwd', 'otp', 'mfa'],
      authTime: here.clock.now(),
    });
    expect((await here.rows('sessions')).at(-1)).to.deep.include({ client, amr: ['pwd', 'otp', 'mfa'] });
    expect((await here.audited('access.signed-in')).at(-1)?.details).to.deep.equal({ amr: 'pwd otp mfa' });
  });

  for (const drift of [-1, 1]) {
    it(`takes the code of one step ${drift < 0 ? 'before' : 'after'}, and none further off`, async () => {
      here.clock.advance(30);
      const id = await challenge();
      const far = answer(id, { code: totp.code(2 * drift) });
      expect(await refusalOf(far)).to.be.instanceOf(SecondFactorInvalid);
      expect((await answer(id, { code: totp.code(drift) })).kind).to.equal('signed-in');
    });
  }

  it('takes a code once, and none of a step before it', async () => {
    const code = totp.code();
    await answer(await challenge(), { code: totp.code() });
    for (const used of [code, totp.code(-1)]) {
      expect(await refusalOf(answer(await challenge(), { code: used }))).to.be.instanceOf(
        SecondFactorInvalid,
      );
    }
    await answer(await challenge(), { code: totp.code(1) });
  });

  it('does not take the code that confirmed the app', async () => {
    const { actor } = await here.patient({ email: 'other@example.org' });
    const app = await enrolTotp(here, actor);
    const attempt = { email: 'other@example.org', password: PASSWORD, client: NO_CLIENT };
    const outcome = await here.app.access.login.execute(attempt);
    const { challengeId } = ofKind(outcome, 'second-factor-required');
    expect(await refusalOf(answer(challengeId, { code: app.code(-1) }))).to.be.instanceOf(
      SecondFactorInvalid,
    );
    await answer(challengeId, { code: app.code() });
  });

  it('takes a code once for twenty answers at once, to one sign-in or to twenty', async () => {
    const one = await challenge();
    const code = totp.code();
    const first = await outcomes(Array.from({ length: 20 }, () => answer(one, { code })));
    expect(first.kept).to.equal(1);
    here.clock.advance(30);
    const many = await Promise.all(Array.from({ length: 5 }, challenge));
    const next = totp.code();
    expect((await outcomes(many.map((id) => answer(id, { code: next })))).kept).to.equal(1);
  });

  it('is over once it was answered rightly', async () => {
    const id = await challenge();
    await answer(id, { code: totp.code() });
    const again = answer(id, { code: totp.code(1) });
    expect(await refusalOf(again)).to.be.instanceOf(SecondFactorInvalid);
  });

  it('waits five minutes and not a moment longer', async () => {
    const id = await challenge();
    here.clock.advance(WAITING_SECONDS);
    expect(await refusalOf(answer(id, { code: totp.code() }))).to.be.instanceOf(SecondFactorInvalid);
    here.clock.advance(-0.001);
    await answer(id, { code: totp.code() });
  });

  it('is refused where there is none of this id', async () => {
    const unknown = answer('01900000-0000-7000-8000-00000000ffff', { code: totp.code() });
    expect(await refusalOf(unknown)).to.be.instanceOf(SecondFactorInvalid);
    expect(await here.rows('failureCounters')).to.deep.equal([]);
  });

  it('is spent after ten wrong answers, and says for how long', async () => {
    const id = await challenge();
    for (let time = 0; time < 9; time += 1) await refusalOf(answer(id, { code: totp.wrongCode() }));
    here.clock.advance(1);
    await refusalOf(answer(id, { code: totp.wrongCode() }));
    here.clock.advance(60);
    const refusal = await refusalOf(answer(id, { code: totp.code() }));
    expect(refusal).to.be.instanceOf(RateLimited).with.property('retryAfterSeconds', 239);
    expect((await answer(await challenge(), { code: totp.code() })).kind).to.equal('signed-in');
  });

  it('leaves a line in the trail for a wrong answer', async () => {
    await refusalOf(answer(await challenge(), { code: totp.wrongCode() }));
    expect((await here.audited('access.second-factor-refused'))[0]).to.deep.include({
      actor: { kind: 'anonymous' },
      subject: { type: 'user', id: person.user.id },
      details: {},
    });
  });

  describe('answered by a recovery code', () => {
    it('opens a session, tells the owner how many are left, and takes it once', async () => {
      const [recoveryCode = '', next = ''] = totp.recoveryCodes;
      expect(totp.recoveryCodes).to.have.length(10);
      expect((await answer(await challenge(), { recoveryCode })).kind).to.equal('signed-in');
      expect(await here.mailTo(EMAIL, 'recovery-code-used')).to.have.property('remaining', 9);
      const again = await refusalOf(answer(await challenge(), { recoveryCode }));
      expect(again).to.be.instanceOf(SecondFactorInvalid);
      await answer(await challenge(), { recoveryCode: ` ${next.toLowerCase().replace('-', ' ')} ` });
    });

    it('takes it once for twenty answers at once', async () => {
      const id = await challenge();
      const [recoveryCode = ''] = totp.recoveryCodes;
      const { kept } = await outcomes(Array.from({ length: 20 }, () => answer(id, { recoveryCode })));
      expect(kept).to.equal(1);
      const mails = (await here.deliver()).filter(({ content }) => content.kind === 'recovery-code-used');
      expect(mails).to.have.length(1);
    });

    it('does not take another account’s', async () => {
      const { actor } = await here.patient();
      const { recoveryCodes } = await enrolTotp(here, actor);
      const foreign = answer(await challenge(), { recoveryCode: recoveryCodes[0] ?? '' });
      expect(await refusalOf(foreign)).to.be.instanceOf(SecondFactorInvalid);
    });

    it('does not take one for the other: a recovery code is no code of the app', async () => {
      const id = await challenge();
      const [recoveryCode = ''] = totp.recoveryCodes;
      for (const wrong of [{ code: recoveryCode }, { recoveryCode: totp.code() }]) {
        expect(await refusalOf(answer(id, wrong))).to.be.instanceOf(SecondFactorInvalid);
      }
    });

    it('keeps it unused where the sign-in cannot be kept', async () => {
      const id = await challenge();
      const [recoveryCode = ''] = totp.recoveryCodes;
      const codes = await here.rows('recoveryCodes');
      const overtaken = compose({
        ...here.adapters,
        tokenSigner: {
          // The last thing that is done before the session is kept.
          sign: async (claims, now) => {
            const command = { actor: SYSTEM, userId: person.user.id, changes: { role: 'admin' } } as const;
            await here.app.identity.updateUser.execute(command);
            return here.adapters.tokenSigner.sign(claims, now);
          },
        },
      });
      const command = { challengeId: id, answer: { recoveryCode }, client: NO_CLIENT };
      const refusal = await refusalOf(overtaken.access.answerChallenge.execute(command));
      expect(refusal).to.be.instanceOf(SecondFactorInvalid);
      expect(await here.rows('recoveryCodes')).to.deep.equal(codes);
    });
  });

  for (const [what, changes] of [
    ['the account is disabled', { isActive: false }],
    ['the role is changed', { role: 'physician' }],
  ] as const) {
    it(`is over where ${what} meanwhile`, async () => {
      const id = await challenge();
      await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: person.user.id, changes });
      expect(await refusalOf(answer(id, { code: totp.code() }))).to.be.instanceOf(SecondFactorInvalid);
    });
  }

  it('is over where the second factor is taken away meanwhile', async () => {
    const id = await challenge();
    await here.app.access.removeTotp.execute({ actor: person.actor });
    for (const given of [{ code: totp.code() }, { recoveryCode: totp.recoveryCodes[0] ?? '' }]) {
      expect(await refusalOf(answer(id, given))).to.be.instanceOf(SecondFactorInvalid);
    }
  });

  it('is not ended by the new hash of a password whose former one was outdated', async () => {
    const { passwordHasher } = here.adapters;
    const rehashing = compose({
      ...here.adapters,
      passwordHasher: {
        accepts: (hash) => passwordHasher.accepts(hash),
        hash: (password) => passwordHasher.hash(password),
        verify: async (password, hash) => ({
          ...(await passwordHasher.verify(password, hash)),
          outdated: true,
        }),
      },
    });
    const outdated = (await here.rows('users'))[0]?.passwordHash;
    const { challengeId } = ofKind(await login({ app: rehashing }), 'second-factor-required');
    expect((await here.rows('users'))[0]?.passwordHash).not.to.equal(outdated);
    expect((await answer(challengeId, { code: totp.code() })).kind).to.equal('signed-in');
  });

  it('neither opens a session nor uses the code where the sign-in cannot be kept', async () => {
    const id = await challenge();
    const command = { challengeId: id, answer: { code: totp.code() }, client: NO_CLIENT };
    const { unitOfWork } = here.adapters;
    const failing = compose({
      ...here.adapters,
      unitOfWork: {
        stores: (tenantId) => unitOfWork.stores(tenantId),
        run: (tenantId, work) =>
          unitOfWork.run(tenantId, (stores, elsewhere) =>
            work(
              {
                ...stores,
                sessions: { ...stores.sessions, add: () => Promise.reject(new Error(AUDIT_FAULT)) },
              },
              elsewhere,
            ),
          ),
      },
    });
    const fault = await faultOf(failing.access.answerChallenge.execute(command));
    expect(fault).to.have.property('message', AUDIT_FAULT);
    expect((await answer(id, { code: totp.code() })).kind).to.equal('signed-in');
  });
});
