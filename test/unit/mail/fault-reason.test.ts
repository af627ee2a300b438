import { expect } from 'chai';
import { faultReason } from '../../../src/adapters/mail/fault-reason.ts';

const fault = (fields: object): Error =>
  Object.assign(new Error('550 reader@example.org is unknown'), fields);

describe('faultReason', () => {
  it('tells the code and the reply', () => {
    expect(faultReason(fault({ code: 'EAUTH', responseCode: 535 }))).to.equal('EAUTH 535');
    expect(faultReason(fault({ code: 'ENOSPC' }))).to.equal('ENOSPC');
  });

  it('prefers the code of the operating system to the general one of the library', () => {
    expect(faultReason(fault({ code: 'ESOCKET', originalCode: 'ECONNREFUSED' }))).to.equal('ECONNREFUSED');
  });

  it('never tells anything else', () => {
    const others = [
      fault({}),
      fault({ code: 'reader@example.org', responseCode: '550 reader@example.org' }),
      fault({ code: 550, originalCode: { reader: 'reader@example.org' } }),
      fault({ code: 'E\nreader@example.org' }),
      'reader@example.org',
      null,
      undefined,
    ];
    for (const error of others) expect(faultReason(error)).to.equal('unknown');
  });
});
