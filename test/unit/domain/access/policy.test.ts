import { expect } from 'chai';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import {
  type Act,
  authorize,
  authorizeMember,
  authorizeUser,
  POLICY,
} from '../../../../src/domain/access/policy.ts';
import { DomainError } from '../../../../src/domain/shared/domain-error.ts';
import { ANONYMOUS, aUserActor, someActors, SYSTEM } from '../../../support/builders.ts';

const everyActor = someActors();
const MEMBERS = ['a patient', 'a physician', 'an admin of the practice', 'an admin of another tenant'];
const ADMINS = ['an admin of the practice', 'an admin of another tenant'];

/** Who may do what, written out a second time and by hand: a change of the policy has to be made here too. */
const ALLOWED: Readonly<Record<Act, readonly string[]>> = {
  'account.read': MEMBERS,
  'account.write': MEMBERS,
  'sessions.manage': MEMBERS,
  'users.read': ADMINS,
  'users.write': ADMINS,
  'tenants.manage': ['an admin of the practice'],
  'cases.submit': ['a patient', 'nobody'],
  'cases.read': MEMBERS,
  'keys.rotate': [],
};

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
          actor.kind === 'anonymous' ? Unauthenticated : Forbidden,
        );
      });
    }
  }

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

  it('is refused by the act’s own line as well', () => {
    expect(() => authorizeMember(aUserActor('physician'), 'users.read')).to.throw(Forbidden);
  });
});
