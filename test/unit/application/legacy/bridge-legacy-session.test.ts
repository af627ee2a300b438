import { expect } from 'chai';
import { sign } from 'cookie-signature';
import { InvalidCredentials, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { EmailNotVerified } from '../../../../src/domain/identity/errors.ts';
import { LegacyLinkRequired } from '../../../../src/domain/legacy/errors.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { takeTicket } from '../../../../src/application/steps/legacy-ticket.ts';
import { aUser, NO_CLIENT, NOW, SYSTEM } from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { legacyDesk } from '../../../support/legacy-desk.ts';
import { type GivenSession, type LegacyWorld, legacyWorld } from '../../../support/legacy-world.ts';
import { ofKind } from '../../../support/of-kind.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { signedIn } from '../../../support/signed-in.ts';
import type { Member } from '../../../support/world.ts';

const ID = { normal: 'u-1' };
const NATIONAL_ID = { kind: 'national_id', normal: '203040506' } as const;

describe('BridgeLegacySession', () => {
  let here: LegacyWorld;
  let person: Member;

  beforeEach(async () => {
    here = legacyWorld();
    person = await here.patient();
  });

  const bridge = async (given?: GivenSession, vendorId?: string) =>
    here.bridge(here.cookieOf(await here.writeSession(given)), vendorId);
  const entered = async (given?: GivenSession, vendorId?: string) =>
    signedIn((await bridge(given, vendorId)) ?? expect.fail('The bridge is closed.'));

  it('lets the linked account in, by a method of its own', async () => {
    await here.link(person.user, ID);
    const { user, tokens, adopted } = await entered({ sid: 'the sid' });
    expect(user).to.deep.equal(person.user);
    expect(adopted).to.deep.equal([]);
    expect(await here.whoIs(tokens)).to.deep.include({ userId: user.id, amr: ['legacy_session'] });
    expect(await here.session()).to.deep.include({ amr: ['legacy_session'], legacySid: 'the sid' });
    expect((await here.audited('access.signed-in')).at(-1)).to.deep.include({
      actor: { kind: 'user', id: user.id },
      details: { amr: 'legacy_session' },
    });
  });

  it('finds the account by the identifier of the session as well, and prefers the legacy user id', async () => {
    await here.link(person.user, NATIONAL_ID);
    expect((await entered()).user.id).to.equal(person.user.id);
    const other = await here.patient();
    await here.link(other.user, ID);
    expect((await entered()).user.id).to.equal(other.user.id);
  });

  it('finds identifiers and vendors however they are written', async () => {
    await here.link(person.user, { kind: 'phone', normal: '+972541239876' });
    for (const identifier of ['054-123 98 76', '541239876', '+972 (54) 1239876']) {
      const user = { identifier, vendorId: ' FUND' };
      expect((await entered({ user })).user.id).to.equal(person.user.id);
    }
  });

  it('lets nobody in by what he shares with others, or by what stands for nobody', async () => {
    const desk = legacyDesk(here);
    await here.link(person.user, { kind: 'phone', normal: '+972541239876' });
    await here.link(person.user, { kind: 'national_id', normal: '000000000' });
    await here.link(person.user, { kind: 'legacy_user_id', normal: 'dana' });
    await desk.request({ vendorId: 'fund', userId: 'u-1', identifier: '0541239876' });
    await desk.request({ vendorId: 'fund', userId: 'dana', identifier: null });
    const mine = { id: 'u-1', identifier: '0541239876', vendorId: 'fund' };
    expect((await entered({ user: mine })).user.id).to.equal(person.user.id);
    for (const user of [
      { ...mine, id: 'u-2' },
      { id: 'u-77', identifier: '000000000', vendorId: 'fund' },
      { id: 'DANA', vendorId: 'fund' },
    ]) {
      expect(await refusalOf(bridge({ user }))).to.be.instanceOf(LegacyLinkRequired);
    }
    await desk.request({ vendorId: 'fund', userId: 'u-2', identifier: '0541239876' });
    expect(await refusalOf(bridge({ user: mine }))).to.be.instanceOf(LegacyLinkRequired);
  });

  it('takes the vendor from the request where the session names none, and only there', async () => {
    await here.link(person.user, ID);
    for (const user of ['u-1', { id: 'u-1' }, { id: 'u-1', vendorId: ' ' }]) {
      expect((await entered({ user }, ' Fund ')).user.id).to.equal(person.user.id);
      expect(await refusalOf(bridge({ user }))).to.be.instanceOf(LegacyLinkRequired);
      expect(await refusalOf(bridge({ user }, 'other'))).to.be.instanceOf(LegacyLinkRequired);
    }
    const elsewhere = { id: 'u-1', vendorId: 'other' };
    expect(await refusalOf(bridge({ user: elsewhere }, 'fund'))).to.be.instanceOf(LegacyLinkRequired);
  });

  it('lets people of every tenant in, each to his own', async () => {
    const clinic = await here.tenant();
    const patient = await here.patient({ tenant: clinic });
    await here.link(patient.user, ID);
    const { user } = await entered();
    expect(user).to.deep.include({ id: patient.user.id, tenantId: clinic.id });
  });

  it('gives a session that lives no longer than the legacy one, by either of its times', async () => {
    await here.link(person.user, ID);
    for (const given of [{ storeSeconds: 300 }, { cookieSeconds: 300 }]) {
      const { tokens } = await entered(given);
      expect(tokens).to.include({ expiresIn: 300, refreshExpiresIn: 300 });
      const end = addSeconds(NOW, 300);
      expect(await here.session()).to.deep.include({ idleExpiresAt: end, expiresAt: end });
    }
    await entered({ storeSeconds: 1_000_000, cookieSeconds: 1_000_000 });
    expect((await here.session()).expiresAt).to.deep.equal(addSeconds(NOW, 5_000));
  });

  describe('refuses alike', () => {
    const unauthenticated = async (given?: GivenSession) =>
      expect(await refusalOf(bridge(given))).to.be.instanceOf(Unauthenticated);

    beforeEach(() => here.link(person.user, ID));

    it('cookies that nobody signed, of sessions that live', async () => {
      const sid = await here.writeSession();
      for (const cookie of ['', sid, `s:${sid}`, `s:${sid}.`, `s:${sign(sid, 'another secret')}`]) {
        expect(await refusalOf(here.bridge(cookie))).to.be.instanceOf(Unauthenticated);
      }
      signedIn((await here.bridge(here.cookieOf(sid))) ?? expect.fail('closed'));
    });

    it('sessions that are over, were never there, or are a guest’s', async () => {
      await unauthenticated({ storeSeconds: 0 });
      await unauthenticated({ cookieSeconds: 0 });
      await unauthenticated({ user: null });
      await unauthenticated({ user: { vendorId: 'fund' } });
      expect(await refusalOf(here.bridge(here.cookieOf('unknown')))).to.be.instanceOf(Unauthenticated);
    });

    it('sessions of a guest, without a ticket', async () => {
      await unauthenticated({ user: null });
      await unauthenticated({ user: {} });
      expect(await here.rows('legacyTickets')).to.deep.equal([]);
    });

    it('disabled accounts, with a line in the trail', async () => {
      const userId = person.user.id;
      await here.app.identity.updateUser.execute({ actor: SYSTEM, userId, changes: { isActive: false } });
      await unauthenticated();
      expect((await here.audited('access.legacy-session-refused')).at(-1)).to.deep.include({
        actor: { kind: 'anonymous' },
        subject: { type: 'user', id: userId },
      });
    });

    for (const role of ['physician', 'admin'] as const) {
      it(`accounts of one who is ${role}, with a line in the trail`, async () => {
        const { user } = await here.member(role);
        await here.link(user, { normal: `u-${role}` });
        const before = (await here.rows('sessions')).length;
        await unauthenticated({ user: { id: `u-${role}`, vendorId: 'fund' } });
        expect(await here.rows('sessions')).to.have.length(before);
        expect(await here.audited('access.legacy-session-refused')).to.have.length(1);
      });
    }

    it('an account that was disabled while it was let in', async () => {
      const { unitOfWork } = here.adapters;
      const racing = legacyWorld({
        replace: ({ tokenSigner }) => ({
          unitOfWork,
          legacyLinkDirectory: here.adapters.legacyLinkDirectory,
          legacySessions: here.adapters.legacySessions,
          keyedHash: here.adapters.keyedHash,
          tokenSigner: {
            sign: async (claims, now, end) => {
              const { users } = unitOfWork.stores(SYSTEM.tenantId);
              const user = (await users.find(person.user.id))!;
              await users.save({ ...user, isActive: false, tokenEpoch: 9, version: user.version + 1 });
              return tokenSigner.sign(claims, now, end);
            },
          },
        }),
      });
      const cookie = here.cookieOf(await here.writeSession());
      expect(await refusalOf(racing.bridge(cookie))).to.be.instanceOf(Unauthenticated);
    });
  });

  describe('of a person without an account', () => {
    it('gives a ticket also where what the session says can be nobody’s identifier', async () => {
      for (const user of [{ identifier: 'no such thing' }, { id: 'guest' }, { identifier: '000000000' }]) {
        expect(await refusalOf(bridge({ user }))).to.be.instanceOf(LegacyLinkRequired);
      }
    });

    it('gives a ticket that counts once, and is kept as a hash', async () => {
      const refusal = await refusalOf(bridge({ sid: 'the sid', user: { id: 'U-7', vendorId: 'FUND' } }));
      if (!(refusal instanceof LegacyLinkRequired)) throw refusal;
      expect(refusal.linkTicket).to.match(/^[\w-]{43}$/);
      const subject = { userId: 'U-7', identifier: null, vendorId: 'fund' };
      const [row] = await here.rows('legacyTickets');
      expect(row).to.deep.include({ sid: 'the sid', subject, expiresAt: addSeconds(NOW, 600) });
      const take = () => takeTicket(here.adapters, refusal.linkTicket, here.clock.now());
      expect(await take()).to.deep.equal(row);
      expect(await take()).to.equal(null);
      expect(await here.rows('sessions')).to.have.length(1);
    });

    it('keeps the vendor of the request with the ticket, where the session names none', async () => {
      await refusalOf(bridge({ user: 'u-7' }, ' Fund '));
      const [row] = await here.rows('legacyTickets');
      expect(row?.subject).to.deep.equal({ userId: 'u-7', identifier: null, vendorId: 'fund' });
    });

    it('counts claims that nobody has proven, and links that are over, for none', async () => {
      await here.unlink(await here.link(person.user, ID));
      expect(await refusalOf(bridge())).to.be.instanceOf(LegacyLinkRequired);
    });

    it('takes no ticket where legacy sessions do not count any more', async () => {
      const refusal = await refusalOf(bridge());
      if (!(refusal instanceof LegacyLinkRequired)) throw refusal;
      const closed = {
        ...here.adapters,
        settings: { ...here.adapters.settings, legacyBridge: { until: NOW } },
      };
      expect(await takeTicket(closed, refusal.linkTicket, NOW)).to.equal(null);
    });
  });

  describe('holds the rules of the account', () => {
    it('which wants a confirmed address', async () => {
      here = legacyWorld({ settings: { signIn: { emailVerification: 'required', secondFactor: 'nobody' } } });
      const user = aUser({ emailVerifiedAt: null });
      await here.adapters.database.write((tables) => tables.users.add(user.id, user));
      await here.link(user, ID);
      expect(await refusalOf(bridge())).to.be.instanceOf(EmailNotVerified);
    });

    it('which has a second factor: the session that follows is bound to the legacy one as well', async () => {
      const { code } = await enrolTotp(here, person.actor);
      await here.link(person.user, ID);
      const outcome = (await bridge({ sid: 'the sid', storeSeconds: 200 })) ?? expect.fail('closed');
      const { challengeId, methods } = ofKind(outcome, 'second-factor-required');
      expect(methods).to.deep.equal(['totp', 'recovery-code']);
      const answer = { code: code() };
      const { tokens } = await here.app.access.answerChallenge.execute({
        challengeId,
        answer,
        client: NO_CLIENT,
      });
      expect(tokens).to.include({ expiresIn: 200, refreshExpiresIn: 200 });
      expect(await here.session()).to.deep.include({
        amr: ['legacy_session', 'otp', 'mfa'],
        legacySid: 'the sid',
        expiresAt: addSeconds(NOW, 200),
      });
    });

    it('which has a second factor, and no longer than the legacy session lives', async () => {
      const { code } = await enrolTotp(here, person.actor);
      await here.link(person.user, ID);
      const outcome = (await bridge({ cookieSeconds: 30 })) ?? expect.fail('closed');
      const { challengeId } = ofKind(outcome, 'second-factor-required');
      here.clock.advance(30);
      const command = { challengeId, answer: { code: code() }, client: NO_CLIENT };
      await refusalOf(here.app.access.answerChallenge.execute(command));
      expect((await here.session()).legacySid).to.equal(null);
    });

    it('whose tenant wants a second factor that it has not', async () => {
      const clinic = await here.tenant();
      const patient = await here.patient({ tenant: clinic });
      await here.app.tenancy.updateTenant.execute({
        actor: SYSTEM,
        tenantId: clinic.id,
        changes: { mfaRequired: true },
      });
      await here.link(patient.user, ID);
      ofKind((await bridge()) ?? expect.fail('closed'), 'second-factor-enrolment-required');
    });
  });

  it('takes no legacy session for a recent proof: what guards the account needs one of ours', async () => {
    await here.link(person.user, ID);
    const { tokens } = await entered();
    const actor = (await here.whoIs(tokens)) ?? expect.fail('no actor');
    const change = () => here.app.identity.changeEmail.execute({ actor, email: 'other@example.org' });
    expect(await refusalOf(change())).to.have.property('code', 'access.step-up-required');
    const wrong = here.app.access.stepUp.execute({ actor, proof: { password: 'not his password' } });
    expect(await refusalOf(wrong)).to.be.instanceOf(InvalidCredentials);
  });

  describe('is closed', () => {
    it('where the operator has not opened it', async () => {
      here = legacyWorld({}, null);
      await here.link((await here.patient()).user, ID);
      expect(await bridge()).to.equal(null);
      expect(await here.bridge('nonsense')).to.equal(null);
    });

    it('from its last moment on', async () => {
      here = legacyWorld({}, { until: addSeconds(NOW, 60) });
      await here.link((await here.patient()).user, ID);
      here.clock.advance(59.999);
      await entered();
      here.clock.advance(0.001);
      expect(await bridge()).to.equal(null);
    });
  });
});
