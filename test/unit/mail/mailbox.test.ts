import { expect } from 'chai';
import { readMailbox } from '../../../src/adapters/mail/mailbox.ts';

describe('readMailbox', () => {
  it('reads an address with and without a name', () => {
    const read: Record<string, { name: string; address: string }> = {
      'cases@example.org': { name: '', address: 'cases@example.org' },
      '<cases@example.org>': { name: '', address: 'cases@example.org' },
      'Casegate <cases@example.org>': { name: 'Casegate', address: 'cases@example.org' },
      '"Second Opinion, Haifa" <cases@example.org>': {
        name: 'Second Opinion, Haifa',
        address: 'cases@example.org',
      },
      'חוות דעת שנייה <cases@example.org>': { name: 'חוות דעת שנייה', address: 'cases@example.org' },
      'Casegate <casegate@localhost>': { name: 'Casegate', address: 'casegate@localhost' },
    };
    for (const [text, mailbox] of Object.entries(read)) {
      expect(readMailbox(text), text).to.deep.equal(mailbox);
    }
  });

  it('reads nothing but one mailbox on one line', () => {
    const refused = [
      '',
      ' ',
      'Casegate',
      'Casegate <>',
      'cases@',
      '@example.org',
      'a@example.org, b@example.org',
      'Casegate: a@example.org, b@example.org;',
      'Casegate <a@example.org> b@example.org, c@example.org',
      'Casegate <cases@example.org>\r\nBcc: other@example.org',
      'Case\u0000gate <cases@example.org>',
      'a b@example.org@example.com',
    ];
    for (const text of refused) expect(readMailbox(text), JSON.stringify(text)).to.equal(null);
  });
});
