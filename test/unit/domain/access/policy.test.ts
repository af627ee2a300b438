import { expect } from 'chai';
import { Forbidden, StepUpRequired, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import {
  type Act,
  authorize,
  authorizeEnrolment,
  authorizeMember,
  authorizeUser,
  POLICY,
  requireRecentProof,
  STEP_UP_SECONDS,
} from '../../../../src/domain/access/policy.ts';
import { DomainError } from '../../../../src/domain/shared/domain-error.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import {
  anEnrollingActor,
  ANONYMOUS,
  aUserActor,
  NOW,
  someActors,
  SYSTEM,
} from '../../../support/builders.ts';

const everyActor = someActors();
const MEMBERS = ['a patient', 'a physician', 'an admin of the practice', 'an admin of another tenant'];
const ADMINS = ['an admin of the practice', 'an admin of another tenant'];

/** Who may do what, written out a second time and by hand: a change of the policy has to be made here too. */
const ALLOWED: Readonly<Record<Act, readonly string[]>> = {
  'account.read': MEMBERS,
  'account.write': MEMBERS,
  'email.change': MEMBERS,
  'factors.read': MEMBERS,
  'factors.enrol': [...MEMBERS, 'somebody who has to enrol'],
  'factors.confirm': [...MEMBERS, 'somebody who has to enrol'],
  'factors.remove': MEMBERS,
  'sessions.manage': MEMBERS,
  'users.read': ADMINS,
  'users.write': ADMINS,
  'users.reset-factors': ADMINS,
  'tenants.manage': ['an admin of the practice'],
  'physicians.read': ADMINS,
  'physicians.write': ADMINS,
  'physicians.write-own': ['a physician'],
  'cases.submit': ['a patient', 'nobody'],
  'cases.read': MEMBERS,
  'cases.queue': ['a physician', ...ADMINS],
  'cases.claim': ['a physician'],
  'cases.work': ['a physician'],
  'cases.release': ['a physician', ...ADMINS],
  'cases.assign': ADMINS,
  'cases.reply': ['a patient'],
  'cases.cancel': ['a patient', ...ADMINS],
  'cases.void': ADMINS,
  'cases.adopt': ['a patient'],
  'cases.adopt-legacy': ADMINS,
  'cases.break-glass': ADMINS,
  'cases.review-break-glass': ADMINS,
  'legacy.link': ['a patient'],
  'legacy.unlink': ['a patient'],
  'legacy.read-claims': ADMINS,
  'legacy.decide': ADMINS,
  'audit.read': ADMINS,
  'keys.rotate': [],
  'audit.verify': [],
  'jobs.run': [],
  'legacy.operate': [],
};

/** The acts that need a recent proof, likewise. */
const STEP_UP: readonly Act[] = [
  'email.change',
  'factors.enrol',
  'factors.remove',
  'users.reset-factors',
  'legacy.unlink',
];

const acts = Object.keys(POLICY) as Act[];

describe('The policy', () => {
  it('has no act that the table of this test does not know', () => {
    expect(acts).to.have.members(Object.keys(ALLOWED));
  });

  for (const act of acts) {
    const allowed = [...ALLOWED[act], 'the installation'];
    for (const [name, actor] of Object.entries(everyActor)) {
      const mayAct = allowed.includes(name);
      it(`${mayAct ? 'allows' : 'refuses'} ${act} to ${name}`, () => {
        if (mayAct) return expect(authorize(actor, act)).to.equal(undefined);
        return expect(() => authorize(actor, act)).to.throw(
          actor.kind === 'user' ? Forbidden : Unauthenticated,
        );
      });
    }
  }

  it('marks the acts that need a recent proof', () => {
    const marked = acts.filter((act) => 'stepUp' in POLICY[act]);
    expect(marked).to.have.members(STEP_UP);
  });

  it('refuses with a refusal, never with a fault', () => {
    expect(() => authorize(ANONYMOUS, 'users.read')).to.throw(DomainError);
    expect(() => authorize(aUserActor('patient'), 'users.read')).to.throw(DomainError);
  });
});

describe('An act on behalf of one’s own account', () => {
  it('gives the person who is signed in', () => {
    const actor = aUserActor('patient');
    expect(authorizeUser(actor, 'account.read')).to.equal(actor);
  });

  it('is not for the installation, which has no account, nor for nobody', () => {
    expect(() => authorizeUser(SYSTEM, 'account.read')).to.throw(Unauthenticated);
    expect(() => authorizeUser(ANONYMOUS, 'account.read')).to.throw(Unauthenticated);
    expect(() => authorizeUser(ANONYMOUS, 'cases.submit')).to.throw(Unauthenticated);
  });

  it('is not for somebody who has to enrol, even where the act is open to him', () => {
    expect(() => authorizeUser(anEnrollingActor(), 'account.read')).to.throw(Unauthenticated);
    expect(() => authorizeUser(anEnrollingActor(), 'factors.enrol')).to.throw(Unauthenticated);
  });

  it('is refused by the act’s own line as well', () => {
    expect(() => authorizeUser(aUserActor('patient'), 'users.write')).to.throw(Forbidden);
  });
});

describe('An act of a tenant’s member', () => {
  it('gives the person who is signed in, or the installation', () => {
    const admin = aUserActor('admin');
    expect(authorizeMember(admin, 'users.read')).to.equal(admin);
    expect(authorizeMember(SYSTEM, 'users.read')).to.equal(SYSTEM);
  });

  it('is not for nobody, even where the act is open to him', () => {
    expect(() => authorizeMember(ANONYMOUS, 'users.read')).to.throw(Unauthenticated);
    expect(() => authorizeMember(ANONYMOUS, 'cases.submit')).to.throw(Unauthenticated);
  });

  it('is not for somebody who has to enrol, even where the act is open to him', () => {
    expect(() => authorizeMember(anEnrollingActor(), 'users.read')).to.throw(Unauthenticated);
    expect(() => authorizeMember(anEnrollingActor(), 'factors.confirm')).to.throw(Unauthenticated);
  });

  it('is refused by the act’s own line as well', () => {
    expect(() => authorizeMember(aUserActor('physician'), 'users.read')).to.throw(Forbidden);
  });
});

describe('An enrolment of a second factor', () => {
  it('gives whoever is signed in, or has to enrol before he is', () => {
    for (const actor of [aUserActor('patient'), aUserActor('admin'), anEnrollingActor()]) {
      expect(authorizeEnrolment(actor, 'factors.enrol')).to.equal(actor);
      expect(authorizeEnrolment(actor, 'factors.confirm')).to.equal(actor);
    }
  });

  it('is neither for the installation, which has no account, nor for nobody', () => {
    expect(() => authorizeEnrolment(SYSTEM, 'factors.enrol')).to.throw(Unauthenticated);
    expect(() => authorizeEnrolment(ANONYMOUS, 'factors.confirm')).to.throw(Unauthenticated);
  });
});

describe('A recent proof', () => {
  it('is one of the last five minutes, to the very moment', () => {
    const actor = aUserActor('physician', { authTime: NOW });
    expect(STEP_UP_SECONDS).to.equal(300);
    for (const seconds of [0, 299, 300]) {
      expect(requireRecentProof(actor, addSeconds(NOW, seconds))).to.equal(undefined);
    }
    for (const seconds of [300.001, 301, 86_400]) {
      expect(() => requireRecentProof(actor, addSeconds(NOW, seconds))).to.throw(StepUpRequired);
    }
  });

  it('counts also where the clock that told it was ahead', () => {
    const actor = aUserActor('physician', { authTime: addSeconds(NOW, 30) });
    expect(requireRecentProof(actor, NOW)).to.equal(undefined);
  });

  it('is none that the legacy service vouches for somebody, however lately he was let in by that', () => {
    const actor = aUserActor('patient', { amr: ['legacy_session'], authTime: NOW });
    expect(() => requireRecentProof(actor, NOW)).to.throw(StepUpRequired);
    for (const amr of [['pwd', 'legacy_session'], ['legacy_session', 'otp', 'mfa'], ['otp']] as const) {
      expect(requireRecentProof({ ...actor, amr }, NOW)).to.equal(undefined);
    }
  });

  it('is not asked of somebody who has to enrol: his token is short-lived itself', () => {
    expect(requireRecentProof(anEnrollingActor(), addSeconds(NOW, 86_400))).to.equal(undefined);
  });
});
