import { expect } from 'chai';
import fc from 'fast-check';
import { hexOf, sameOctets } from '../../../../src/domain/shared/octets.ts';

describe('Octets', () => {
  it('are written in hexadecimal as everybody writes them', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        expect(hexOf(octets)).to.equal(Buffer.from(octets).toString('hex'));
      }),
    );
  });

  it('are the same where all of them are, in their order', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ maxLength: 3 }), (a, b) => {
        expect(sameOctets(a, b)).to.equal(Buffer.compare(a, b) === 0);
      }),
    );
    expect(sameOctets(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).to.equal(true);
    expect(sameOctets(Uint8Array.of(1, 2), Uint8Array.of(2, 1))).to.equal(false);
    expect(sameOctets(Uint8Array.of(1, 2), Uint8Array.of(1))).to.equal(false);
  });
});
