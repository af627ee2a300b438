import { expect } from 'chai';
import fc from 'fast-check';
import {
  AUTHENTICATION_LEVELS,
  AUTHENTICATION_METHODS,
  authenticationLevel,
  isLive,
  joinMethods,
  lifetimeOf,
  limitSession,
  startSession,
  touchSession,
} from '../../../../src/domain/access/session.ts';
import { ROLES } from '../../../../src/domain/identity/user.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { aSession, aSessionStart, LIFETIMES, NOW } from '../../../support/builders.ts';

describe('A session', () => {
  it('begins live, used at that moment, with what it was started with', () => {
    const start = aSessionStart({
      amr: ['pwd', 'otp'],
      client: { userAgent: 'a browser', address: '192.0.2.7' },
    });
    const { role: _, ...known } = start;
    const session = startSession('session', start, LIFETIMES, NOW);
    expect(session).to.deep.equal({
      ...known,
      id: 'session',
      createdAt: NOW,
      lastUsedAt: NOW,
      idleExpiresAt: addSeconds(NOW, 1000),
      idleSeconds: 1000,
      expiresAt: addSeconds(NOW, 5000),
      endedAt: null,
      endReason: null,
      authTime: NOW,
      legacySid: null,
    });
    expect(isLive(session, NOW)).to.equal(true);
  });

  it('lives no longer than the legacy session that it stands on, idle or not', () => {
    for (const [seconds, idle, whole] of [
      [500, 500, 500],
      [2_000, 1_000, 2_000],
      [9_000, 1_000, 5_000],
    ] as const) {
      const legacy = { sid: 'sid', expiresAt: addSeconds(NOW, seconds) };
      const session = startSession('session', aSessionStart({ legacy }), LIFETIMES, NOW);
      expect(session.legacySid).to.equal('sid');
      expect(session.idleExpiresAt).to.deep.equal(addSeconds(NOW, idle));
      expect(session.expiresAt).to.deep.equal(addSeconds(NOW, whole));
      const used = touchSession(session, addSeconds(NOW, idle - 1));
      expect(used.idleExpiresAt.getTime()).to.be.at.most(session.expiresAt.getTime());
    }
  });

  for (const role of ['physician', 'admin'] as const) {
    it(`of one who is ${role} has the shorter life of staff`, () => {
      const session = startSession('session', aSessionStart({ role }), LIFETIMES, NOW);
      expect(session.idleExpiresAt).to.deep.equal(addSeconds(NOW, 100));
      expect(session.expiresAt).to.deep.equal(addSeconds(NOW, 500));
    });
  }

  it('is over at the very moment of its idle limit, and live just before', () => {
    const session = aSession();
    expect(isLive(session, addSeconds(NOW, 999.999))).to.equal(true);
    expect(isLive(session, addSeconds(NOW, 1000))).to.equal(false);
  });

  it('lives on with each use, by the time that it was started with', () => {
    const later = addSeconds(NOW, 999);
    const touched = touchSession(aSession(), later);
    expect(touched.lastUsedAt).to.deep.equal(later);
    expect(touched.idleExpiresAt).to.deep.equal(addSeconds(later, 1000));
    expect(isLive(touched, addSeconds(later, 999.999))).to.equal(true);
  });

  it('is over at its last moment, however much it is used', () => {
    const session = aSession();
    const touched = touchSession(session, addSeconds(NOW, 4500));
    expect(touched.idleExpiresAt).to.deep.equal(session.expiresAt);
    expect(isLive(touched, addSeconds(NOW, 4999.999))).to.equal(true);
    expect(isLive(touched, addSeconds(NOW, 5000))).to.equal(false);
  });

  it('is over at its last moment even where it would be idle for longer', () => {
    const session = aSession({ idleExpiresAt: addSeconds(NOW, 6000) });
    expect(isLive(session, addSeconds(NOW, 4999.999))).to.equal(true);
    expect(isLive(session, addSeconds(NOW, 5000))).to.equal(false);
  });

  it('is over once it was ended', () => {
    const ended = aSession({ endedAt: NOW, endReason: 'signed-out' });
    expect(isLive(ended, NOW)).to.equal(false);
    expect(isLive(touchSession(ended, NOW), NOW)).to.equal(false);
  });

  it('never outlives its whole life, whatever the limits and however often it is used', () => {
    const seconds = fc.integer({ min: 1, max: 40_000_000 });
    const lifetime = fc.record({ idleSeconds: seconds, maxSeconds: seconds });
    const uses = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom(...ROLES), lifetime, lifetime, uses, (role, patient, staff, gaps) => {
        const start = aSessionStart({ role });
        let session = startSession('session', start, { patient, staff }, NOW);
        const end = addSeconds(NOW, (role === 'patient' ? patient : staff).maxSeconds);
        let now = NOW;
        for (const gap of gaps) {
          now = addSeconds(now, gap);
          session = touchSession(session, now);
          expect(session.idleExpiresAt.getTime()).to.be.at.most(end.getTime());
          expect(session.expiresAt).to.deep.equal(end);
        }
        expect(isLive(session, end)).to.equal(false);
      }),
    );
  });

  describe('whose owner becomes somebody else', () => {
    it('has the life of the new role', () => {
      expect(lifetimeOf('patient', LIFETIMES)).to.equal(LIFETIMES.patient);
      expect(lifetimeOf('physician', LIFETIMES)).to.equal(LIFETIMES.staff);
      expect(lifetimeOf('admin', LIFETIMES)).to.equal(LIFETIMES.staff);
    });

    it('lives no longer than one that begins at that moment would', () => {
      const session = aSession();
      const later = addSeconds(NOW, 200);
      const limited = limitSession(session, LIFETIMES.staff, later);
      expect(limited).to.deep.equal({
        ...session,
        idleSeconds: 100,
        idleExpiresAt: addSeconds(NOW, 300),
        expiresAt: addSeconds(NOW, 700),
      });
      expect(touchSession(limited, addSeconds(NOW, 250)).idleExpiresAt).to.deep.equal(addSeconds(NOW, 350));
    });

    it('does not live longer than before', () => {
      const start = aSessionStart({ role: 'physician' });
      const session = startSession('session', start, LIFETIMES, NOW);
      expect(limitSession(session, LIFETIMES.patient, addSeconds(NOW, 50))).to.deep.equal(session);
    });

    it('is never prolonged, whatever the lives and moments', () => {
      const seconds = fc.integer({ min: 1, max: 10_000 });
      const lifetime = fc.record({ idleSeconds: seconds, maxSeconds: seconds });
      fc.assert(
        fc.property(lifetime, lifetime, fc.nat({ max: 10_000 }), (patient, staff, gap) => {
          const session = startSession('session', aSessionStart(), { patient, staff }, NOW);
          const now = addSeconds(NOW, gap);
          const limited = limitSession(session, staff, now);
          expect(limited.expiresAt.getTime()).to.be.at.most(session.expiresAt.getTime());
          expect(limited.expiresAt.getTime()).to.be.at.most(addSeconds(now, staff.maxSeconds).getTime());
          expect(limited.idleExpiresAt.getTime()).to.be.at.most(session.idleExpiresAt.getTime());
          expect(limited.idleExpiresAt.getTime()).to.be.at.most(limited.expiresAt.getTime());
          const touched = touchSession(limited, now);
          expect(touched.idleExpiresAt.getTime()).to.be.at.most(addSeconds(now, staff.idleSeconds).getTime());
        }),
      );
    });
  });
});

const proofs = fc.subarray([...AUTHENTICATION_METHODS]);

describe('The proofs of a session', () => {
  it('are two factors where a password stands beside a code or a key, whichever came first', () => {
    for (const possession of ['otp', 'hwk', 'swk'] as const) {
      const both = AUTHENTICATION_METHODS.filter((method) => ['pwd', possession, 'mfa'].includes(method));
      expect(joinMethods(['pwd'], [possession])).to.deep.equal(both);
      expect(joinMethods([possession], ['pwd'])).to.deep.equal(both);
      expect(joinMethods([], ['pwd', possession])).to.deep.equal(both);
    }
  });

  it('are one factor where the same one is proven again, or another one of its kind', () => {
    expect(joinMethods(['pwd'], ['pwd'])).to.deep.equal(['pwd']);
    expect(joinMethods(['otp'], ['otp'])).to.deep.equal(['otp']);
    expect(joinMethods(['swk'], ['otp'])).to.deep.equal(['otp', 'swk']);
    expect(joinMethods(['hwk'], ['swk'])).to.deep.equal(['hwk', 'swk']);
    expect(joinMethods([], [])).to.deep.equal([]);
  });

  it('keep two factors that a passkey proved at once', () => {
    expect(joinMethods(['swk', 'user', 'mfa'], ['pwd'])).to.deep.equal(['pwd', 'swk', 'user', 'mfa']);
    expect(joinMethods(['swk', 'user', 'mfa'], [])).to.deep.equal(['swk', 'user', 'mfa']);
  });

  it('are never lost, never twice, always in one order, and the same whichever came first', () => {
    fc.assert(
      fc.property(proofs, proofs, proofs, (one, other, third) => {
        const joined = joinMethods(one, other);
        expect(joined).to.include.members([...one, ...other]);
        expect(joined).to.deep.equal(AUTHENTICATION_METHODS.filter((method) => joined.includes(method)));
        expect(joinMethods(other, one)).to.deep.equal(joined);
        expect(joinMethods(joined, other)).to.deep.equal(joined);
        expect(joinMethods(joined, third)).to.deep.equal(joinMethods(one, joinMethods(other, third)));
      }),
    );
  });

  it('reach the second level with two factors, and the first without', () => {
    expect(AUTHENTICATION_LEVELS).to.deep.equal(['aal1', 'aal2']);
    expect(authenticationLevel([])).to.equal('aal1');
    expect(authenticationLevel(['pwd'])).to.equal('aal1');
    expect(authenticationLevel(['hwk', 'swk', 'otp', 'user'])).to.equal('aal1');
    expect(authenticationLevel(joinMethods(['pwd'], ['otp']))).to.equal('aal2');
    expect(authenticationLevel(['swk', 'user', 'mfa'])).to.equal('aal2');
  });
});
