import { LanguageRejected } from '../../../../src/domain/identity/errors.ts';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  changeUser,
  createUser,
  isActiveAdmin,
  registerAgain,
  ROLES,
  type User,
  type UserChanges,
  withEmail,
  withEmailVerified,
  withLanguage,
  withPasswordByMail,
  withPasswordHash,
} from '../../../../src/domain/identity/user.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { aUser, NOW } from '../../../support/builders.ts';

const LATER = addSeconds(NOW, 60);

const roles = fc.constantFrom(...ROLES);
const users = fc
  .record({ role: roles, isActive: fc.boolean(), tokenEpoch: fc.nat(), version: fc.nat() })
  .map((given) => aUser(given));
const changes: fc.Arbitrary<UserChanges> = fc.record(
  { role: roles, isActive: fc.boolean() },
  { requiredKeys: [] },
);

describe('An account', () => {
  it('speaks a language in its canonical form, and none that is no language', () => {
    const given = { tenantId: 't', email: 'a@example.org', passwordHash: null, role: 'patient' } as const;
    expect(createUser('u', { ...given, language: 'iw' }, NOW).language).to.equal('he');
    for (const language of ['', 'HE!!', 'x', '\0', 'e n']) {
      expect(() => createUser('u', { ...given, language }, NOW)).to.throw(LanguageRejected);
      expect(() => withLanguage(createUser('u', { ...given, language: 'en' }, NOW), language, NOW)).to.throw(
        LanguageRejected,
      );
    }
  });

  it('begins active, unverified, at version 1 and epoch 1', () => {
    const given = {
      tenantId: 'tenant',
      email: 'person@example.org',
      passwordHash: '$argon2id$…',
      role: 'physician',
      language: 'he',
    } as const;
    expect(createUser('user', given, NOW)).to.deep.equal({
      ...given,
      id: 'user',
      isActive: true,
      emailVerifiedAt: null,
      registrationPending: false,
      tokenEpoch: 1,
      createdAt: NOW,
      updatedAt: NOW,
      version: 1,
    } satisfies User);
    expect(createUser('user', { ...given, registrationPending: true }, NOW).registrationPending).to.equal(
      true,
    );
  });

  it('is the same account, not a copy, when nothing changes', () => {
    const user = aUser({ role: 'admin' });
    expect(changeUser(user, {}, LATER)).to.equal(user);
    expect(changeUser(user, { role: 'admin', isActive: true }, LATER)).to.equal(user);
  });

  it('enters a new epoch when its role changes', () => {
    const user = aUser({ role: 'patient' });
    expect(changeUser(user, { role: 'physician' }, LATER)).to.deep.equal({
      ...user,
      role: 'physician',
      tokenEpoch: 2,
      updatedAt: LATER,
      version: 2,
    });
  });

  it('enters a new epoch when it is disabled, and another when it is enabled again', () => {
    const disabled = changeUser(aUser(), { isActive: false }, LATER);
    expect(disabled).to.include({ isActive: false, tokenEpoch: 2, version: 2 });
    expect(changeUser(disabled, { isActive: true }, LATER)).to.include({
      isActive: true,
      tokenEpoch: 3,
      version: 3,
    });
  });

  it('enters a new epoch exactly when what the person may do changes, and never goes back', () => {
    fc.assert(
      fc.property(users, changes, (user, wanted) => {
        const changed = changeUser(user, wanted, LATER);
        const differs = changed.role !== user.role || changed.isActive !== user.isActive;
        expect(changed.tokenEpoch - user.tokenEpoch).to.equal(differs ? 1 : 0);
        expect(changed.version - user.version).to.equal(differs ? 1 : 0);
        expect(changed).to.include({
          role: wanted.role ?? user.role,
          isActive: wanted.isActive ?? user.isActive,
        });
      }),
    );
  });

  it('keeps its epoch with another password or language: what the person may do is the same', () => {
    const user = aUser();
    const renewed = { updatedAt: LATER, version: 2 };
    expect(withPasswordHash(user, 'another', LATER)).to.deep.equal({
      ...user,
      ...renewed,
      passwordHash: 'another',
    });
    expect(withLanguage(user, 'he', LATER)).to.deep.equal({ ...user, ...renewed, language: 'he' });
  });

  it('has a confirmed address and a registration that counts, once whoever reads its mail has said so', () => {
    const user = aUser({ registrationPending: true, passwordHash: 'first' });
    const renewed = { emailVerifiedAt: LATER, registrationPending: false, updatedAt: LATER, version: 2 };
    expect(withEmailVerified(user, LATER)).to.deep.equal({ ...user, ...renewed });
    expect(withPasswordByMail(user, 'second', LATER)).to.deep.equal({
      ...user,
      ...renewed,
      passwordHash: 'second',
    });
  });

  it('keeps the moment at which its address was first confirmed', () => {
    const user = aUser({ emailVerifiedAt: NOW });
    expect(withEmailVerified(user, LATER).emailVerifiedAt).to.equal(NOW);
    expect(withPasswordByMail(user, 'second', LATER).emailVerifiedAt).to.equal(NOW);
  });

  it('has another address from the moment on when that was confirmed', () => {
    const user = aUser({ emailVerifiedAt: NOW, registrationPending: true });
    expect(withEmail(user, 'other@example.org', LATER)).to.deep.equal({
      ...user,
      email: 'other@example.org',
      emailVerifiedAt: LATER,
      registrationPending: false,
      updatedAt: LATER,
      version: 2,
    });
  });

  it('is registered again with another password and language, and still waits for its address to be confirmed', () => {
    const user = aUser({ registrationPending: true, passwordHash: 'first', role: 'patient' });
    const again = registerAgain(user, { passwordHash: 'second', language: 'iw' }, LATER);
    expect(again).to.deep.equal({
      ...user,
      passwordHash: 'second',
      language: 'he',
      updatedAt: LATER,
      version: 2,
    });
    expect(() => registerAgain(user, { passwordHash: 'second', language: '?' }, LATER)).to.throw(
      LanguageRejected,
    );
  });

  it('keeps its epoch, role and active flag whatever its owner changes', () => {
    fc.assert(
      fc.property(users, (user) => {
        for (const changed of [
          withEmail(user, 'other@example.org', LATER),
          withEmailVerified(user, LATER),
          withPasswordByMail(user, 'another', LATER),
          registerAgain(user, { passwordHash: 'another', language: 'ru' }, LATER),
        ]) {
          const { id, tenantId, role, isActive, tokenEpoch, createdAt } = user;
          expect(changed).to.include({ id, tenantId, role, isActive, tokenEpoch, createdAt });
          expect(changed.version).to.equal(user.version + 1);
        }
      }),
    );
  });

  it('leaves the account that it was made of as it was', () => {
    const user = Object.freeze(aUser());
    changeUser(user, { isActive: false }, LATER);
    withLanguage(user, 'he', LATER);
    withEmail(user, 'other@example.org', LATER);
    withPasswordByMail(user, 'another', LATER);
    expect(user.emailVerifiedAt).to.equal(null);
    expect(user).to.include({ isActive: true, language: 'en', version: 1, updatedAt: NOW });
  });

  it('administers its tenant only as an admin who is active', () => {
    expect(isActiveAdmin(aUser({ role: 'admin' }))).to.equal(true);
    expect(isActiveAdmin(aUser({ role: 'admin', isActive: false }))).to.equal(false);
    for (const role of ['patient', 'physician'] as const) {
      expect(isActiveAdmin(aUser({ role }))).to.equal(false);
    }
  });
});
