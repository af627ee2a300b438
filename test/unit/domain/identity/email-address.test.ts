import { expect } from 'chai';
import fc from 'fast-check';
import { EMAIL_MAX_LENGTH, normalEmail } from '../../../../src/domain/shared/email-address.ts';
import { newEmail } from '../../../../src/domain/identity/new-email.ts';
import { EmailRejected } from '../../../../src/domain/identity/errors.ts';

describe('An e-mail address', () => {
  it('is compared without regard to case and to blanks around it', () => {
    expect(normalEmail('  Person.Name+Tag@Example.ORG\t')).to.equal('person.name+tag@example.org');
  });

  it('is compared by its composed form', () => {
    expect(normalEmail('jose\u0301@example.org')).to.equal('jos\u00e9@example.org');
    expect(normalEmail('JOSE\u0301@example.org')).to.equal('jos\u00e9@example.org');
  });

  it('keeps dots and tags, which are the business of its host', () => {
    expect(normalEmail('a.b+c@example.org')).not.to.equal(normalEmail('ab@example.org'));
  });

  it('has one normal form, which is its own', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const normal = normalEmail(address);
        expect(normalEmail(normal)).to.equal(normal);
        expect(normalEmail(address.toUpperCase())).to.equal(normal);
      }),
    );
  });

  it('may be as long as a path of SMTP', () => {
    expect(EMAIL_MAX_LENGTH).to.equal(254);
  });
});

describe('The address of a new account', () => {
  for (const [written, kept] of [
    ['person@example.org', 'person@example.org'],
    [' Person.Name+Tag@Mail.Example.ORG\n', 'person.name+tag@mail.example.org'],
    ["o'hara!#$%&*/=?^`{|}~@example.org", "o'hara!#$%&*/=?^`{|}~@example.org"],
    ['jose\u0301@example.org', 'jos\u00e9@example.org'],
    ['דנה@דוגמה.קום', 'דנה@דוגמה.קום'],
    ['a@b.c', 'a@b.c'],
  ] as const) {
    it(`may be ${JSON.stringify(written)}, in its normal form`, () => {
      expect(newEmail(written)).to.equal(kept);
    });
  }

  it('is taken wherever a usual address is written', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        fc.pre(address.length <= EMAIL_MAX_LENGTH);
        expect(newEmail(address)).to.equal(normalEmail(address));
      }),
    );
  });

  for (const text of [
    '',
    '@',
    'person',
    'person@',
    '@example.org',
    'person@localhost',
    'person@.',
    'two@at@example.org',
    'with blank@example.org',
    'person@exam ple.org',
    'person@example.org, other@example.org',
    '<person@example.org>',
    '"person"@example.org',
    'person@[192.0.2.1]',
    '.person@example.org',
    'person.@example.org',
    'per..son@example.org',
    'person@example..org',
    'person@exa_mple.org',
    'person@-example.org',
    'person@example-.org',
    'person(comment)@example.org',
    'person\0@example.org',
    'person@example.org\r\nBcc: other@example.org',
    'per\u200bson@example.org',
    'per\u202eson@example.org',
    'person\ud83d@example.org',
    `${'x'.repeat(65)}@example.org`,
  ]) {
    it(`may not be ${JSON.stringify(text)}`, () => {
      expect(() => newEmail(text)).to.throw(EmailRejected);
    });
  }

  it('may have 254 characters and no more', () => {
    const host = 'x'.repeat(254 - 'person@.org'.length);
    expect(newEmail(`person@${host}.org`)).to.have.length(254);
    expect(() => newEmail(`person@${host}x.org`)).to.throw(EmailRejected);
  });

  it('is judged in no time, whatever it is', () => {
    const texts = fc.stringMatching(/^[a.@]{200,250}$/);
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(newEmail(text)).to.equal(normalEmail(text));
        } catch (error) {
          expect(error).to.be.instanceOf(EmailRejected);
        }
      }),
    );
  });
});
